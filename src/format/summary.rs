//! The lines above the armor, for people who open the file in an editor; nobody reads them back.

use crate::model::{License, Request, Time};

/// Who may do what until when.
pub fn summary(license: &License) -> Vec<String> {
    let mut lines = vec![
        "airlatch license. These lines are for people; only the block below counts.".into(),
        String::new(),
    ];
    lines.push(format!("Product:   {}", license.title()));
    lines.push(format!("For:       {}", license.lock.unit()));
    let optional =
        [("Number:", &license.number), ("Customer:", &license.customer), ("Order:", &license.order)];
    lines.extend(
        optional.iter().filter_map(|(label, value)| Some(format!("{label:<10} {}", value.as_ref()?))),
    );
    lines.push(format!("Features:  {}", license.features));
    lines.push(format!("Begins:    {}", license.term.from));
    lines.push(format!(
        "Ends:      {}",
        license.term.until.map_or("never".into(), |end: Time| end.to_string())
    ));
    if license.unmetered {
        lines.push("Unmetered: issued from a grant, charged to no order".into());
    }
    lines
}

/// Who asks for what.
pub fn summary_of_request(request: &Request) -> Vec<String> {
    let mut lines = vec![
        "airlatch request. These lines are for people; only the block below counts.".into(),
        String::new(),
    ];
    lines.push(format!("Product:    {}", request.title()));
    lines.push(format!("System ID:  {}", request.system_id));
    lines.push(format!("Locking ID: {}", request.locking_id));
    if !request.wanted.is_empty() {
        lines.push(format!("Wanted:     {}", request.wanted));
    }
    lines.push(format!("Made:       {}", request.made));
    lines
}
