//! What leaves the site with a request, in plain words.

use crate::model::{ComponentKind, HostFacts, Request};

/// Lines for the person who has to answer for what is carried out of the building.
pub fn explain(request: &Request, facts: &HostFacts) -> Vec<String> {
    let mut lines = vec!["This leaves the site:".into()];
    lines.push(format!("  product         {}", request.title()));
    lines.extend(request.model.iter().map(|model| format!("  model           {model}")));
    if !request.wanted.is_empty() {
        lines.push(format!("  wanted          {}", request.wanted));
    }
    for code in &request.codes {
        lines.push(format!("  code            {code}"));
    }
    if let Some(note) = &request.note {
        lines.push(format!("  note            {note}"));
    }
    if let Some(site) = &request.site {
        lines.push(format!("  site            {site}"));
    }
    lines.push(format!(
        "  System ID       {}  names this installation, tells nothing else",
        request.system_id
    ));
    lines.push(format!("  Locking ID      {}  20 bits of a hash of each component", request.locking_id));
    lines.push(format!("  kind of host    {}", request.class));
    lines.push(format!("  host's clock    {}", request.made));
    lines.push(format!("  program         {}", request.tool));
    for kind in ComponentKind::ALL {
        lines.push(component(kind, request, facts));
    }
    lines.push(String::new());
    lines.push("A hash can't be turned back, but whoever holds the request can try out values: all".into());
    lines.push("addresses of one maker of network cards in seconds, a random 128-bit id never.".into());
    lines.push("The salt is new in each request, so two vendors can't compare theirs.".into());
    lines.push(String::new());
    lines.push("This stays here: the values themselves, host name, network addresses, user names,".into());
    lines.push("installed software, and the private half of the host's key, which signs the request.".into());
    lines
}

fn component(kind: ComponentKind, request: &Request, facts: &HostFacts) -> String {
    let name = kind.word();
    if let Some(hashes) = request.fingerprint.hashes.get(&kind) {
        let count = if hashes.len() == 1 {
            "one salted hash".into()
        } else {
            format!("{} salted hashes", hashes.len())
        };
        return format!("  {name:<15} {count} of the {}", kind.name());
    }
    let why = facts.absent.iter().find(|(absent, _)| *absent == kind).map(|(_, why)| format!(": {why}"));
    format!("  {name:<15} nothing{}", why.unwrap_or_default())
}
