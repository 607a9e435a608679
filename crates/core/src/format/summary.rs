//! The readable lines above the armor, for people who open the file in an editor; no program reads them.

use crate::crypto::Sealed;
use crate::model::{Kind, License, Request, Time};

use super::armor::armor;
use super::first_line::first_line;

/// The text of a license's file: a summary for people, then the armor. The same license gives the same text.
pub fn license_text(license: &License, sealed: &Sealed) -> String {
    armor(Kind::License, sealed.bytes(), &summary(license))
}

/// The summary of a license.
pub fn summary(license: &License) -> Vec<String> {
    let mut lines = vec![first_line(Kind::License), String::new()];
    lines.push(format!("Product:   {}", license.title()));
    lines.push(format!("For:       {}", license.lock.unit_name()));
    let optional =
        [("Number:", &license.number), ("Customer:", &license.customer), ("Order:", &license.order)];
    lines.extend(
        optional.iter().filter_map(|(label, value)| Some(format!("{label:<10} {}", value.as_ref()?))),
    );
    lines.extend(license.model.iter().map(|model| format!("Model:     {model}")));
    let labels = std::iter::once("Features:").chain(std::iter::repeat("Then:"));
    lines.extend(labels.zip(license.timetable()).map(|(label, features)| format!("{label:<10} {features}")));
    lines.push(format!("Begins:    {}", license.term.from));
    lines.push(format!("Ends:      {}", license.end().map_or("never".into(), |end: Time| end.to_string())));
    if let Some(end) = license.grace_end().filter(|_| license.grace_days > 0) {
        lines.push(format!("Grace:     works until {end}"));
    }
    if license.advisory {
        lines.push("Limits:    advisory, the product works on with a warning".into());
    }
    if license.weak_lock {
        lines.push("Weak lock: accepted for this license, other hosts may meet it".into());
    }
    if license.not_transferable {
        lines.push("Transfer:  not to another unit".into());
    }
    if license.unmetered && license.lock.unit().is_some() {
        lines.push("Unmetered: issued from a grant, charged to no order".into());
    }
    lines
}

/// The summary of a request.
pub fn summary_of_request(request: &Request) -> Vec<String> {
    let mut lines = vec![first_line(Kind::Request), String::new()];
    lines.push(format!("Product:    {}", request.title()));
    lines.extend(request.model.iter().map(|model| format!("Model:      {model}")));
    lines.push(format!("System ID:  {}", request.system_id));
    lines.push(format!("Locking ID: {}", request.locking_id.shown()));
    if !request.wanted.is_empty() {
        lines.push(format!("Wanted:     {}", request.wanted));
    }
    lines.push(format!("Made:       {}", request.made));
    lines
}
