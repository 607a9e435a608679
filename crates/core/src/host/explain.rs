//! What leaves the site with a request, in plain words.

use crate::model::{ComponentKind, HostFacts, Profile, Request};

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
    let profile = facts.profile();
    profile.kinds().into_iter().for_each(|kind| lines.push(component(kind, request, facts)));
    lines.push(String::new());
    lines.extend(HOW_PRIVATE.lines().map(ToOwned::to_owned));
    if profile == Profile::Virtual {
        lines.extend(OF_NAMES.lines().map(ToOwned::to_owned));
    }
    lines.push(String::new());
    lines.extend(STAYS.lines().map(ToOwned::to_owned));
    lines
}

/// What the hashes are worth, as the manual has it.
const HOW_PRIVATE: &str = "\
A hash can't be turned back, but whoever holds the request can try out values: all
addresses of one maker of network cards (2^24) in seconds, a random 128-bit id never.
The salt is one for this vendor and product: two vendors can't compare their hashes, but
one that makes a table of all addresses can use it for each host of the product.";

const OF_NAMES: &str = "\
A host name is guessed as easily as any short word.";

const STAYS: &str = "\
This stays here: the values themselves, IP addresses, user names, installed software,
and the private half of the host's key, which signs the request.";

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
