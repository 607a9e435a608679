//! Explains which data leaves the site with a request.

use crate::model::{ComponentKind, HostFacts, Profile, Request};

/// The explanation, for the person who is responsible for data that leaves the site.
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
    lines.extend(request.replaces.iter().map(|license| format!("  moves           license {license}")));
    if let Some(clock) = &request.clock {
        lines.push(format!("  clock mark      {}, and its random number", clock.latest_time));
    }
    if let Some(site) = &request.site {
        lines.push(format!("  site            {site}"));
    }
    lines.push(format!(
        "  System ID       {}  identifies this installation, contains nothing else",
        request.system_id
    ));
    lines.push(match request.locking_id.is_empty() {
        true => "  Locking ID      none: there is no component".into(),
        false => format!("  Locking ID      {}  20 bits of a hash of each component", request.locking_id),
    });
    lines.push(format!("  kind of host    {}", request.class));
    lines.push(format!("  host's clock    {}", request.made));
    lines.push(format!("  program         {}", request.tool));
    let profile = facts.profile();
    profile.kinds().into_iter().for_each(|kind| lines.push(component(kind, request, facts)));
    lines.push(String::new());
    lines.extend(HASH_PRIVACY.lines().map(ToOwned::to_owned));
    if profile == Profile::Virtual {
        lines.extend(HOST_NAME_PRIVACY.lines().map(ToOwned::to_owned));
    }
    lines.push(String::new());
    lines.extend(NOT_SENT.lines().map(ToOwned::to_owned));
    lines
}

/// How private the hashes are; the manual says the same.
const HASH_PRIVACY: &str = "\
A hash can't be reversed, but anybody who has the request can try values: all MAC
addresses of one manufacturer (2^24) in seconds, but not a random 128-bit id.
The salt is the same for all hosts of this vendor and product: two vendors can't compare
their hashes, but a table of all addresses is of use for each host of the product.";

const HOST_NAME_PRIVACY: &str = "\
A host name is as easy to guess as any short word.";

const NOT_SENT: &str = "\
This is not sent: the values themselves, IP addresses, user names, installed software,
and the host's private key, which signs the request.";

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
