//! What a virtual host is called: its name, time zone and domain, as far as the operator chose them.

use super::ids::first;
use super::placeholder::is_host_placeholder;
use super::probed::Finding;
use super::tree::Tree;
use airlatch_core::model::{Absence, HostSetting};

/// Enough for any list of resolvers.
const LONGEST: u64 = 64 * 1024;

/// The chosen settings in one order with blanks between; without one of them there is no value.
pub(super) fn name(tree: &Tree, parts: &[HostSetting]) -> Finding {
    let part = |part: &HostSetting| match part {
        HostSetting::HostName => host_name(tree),
        HostSetting::TimeZone => time_zone(tree),
        HostSetting::Domain => domain(tree),
    };
    let values = parts.iter().map(part).collect::<Result<Vec<String>, Absence>>()?;
    if values.is_empty() { Err(Absence::Missing) } else { Ok(vec![values.join(" ")]) }
}

/// The first part of the host's name; a domain may come and go with the network.
fn host_name(tree: &Tree) -> Result<String, Absence> {
    let found = first(["proc/sys/kernel/hostname", "etc/hostname"].into_iter().map(|path| {
        let name = word(tree.value(path)?)?;
        let name = name.split('.').next().unwrap_or_default().to_owned();
        if is_host_placeholder(&name) { Err(Absence::Placeholder(name)) } else { Ok(name) }
    }))?;
    found.into_iter().next().ok_or(Absence::Missing)
}

fn time_zone(tree: &Tree) -> Result<String, Absence> {
    if let Ok(zone) = tree.value("etc/timezone") {
        return Ok(zone.split_whitespace().collect::<Vec<_>>().join("_"));
    }
    let target = tree.link_target("etc/localtime").ok_or(Absence::Missing)?;
    let (_, zone) = target.split_once("zoneinfo/").ok_or(Absence::Missing)?;
    Ok(zone.to_owned())
}

/// The domain in the host's own name, else the one that resolvers are asked in.
fn domain(tree: &Tree) -> Result<String, Absence> {
    for path in ["proc/sys/kernel/hostname", "etc/hostname"] {
        if let Some((_, domain)) = tree.value(path).unwrap_or_default().split_once('.') {
            return word(domain.trim_end_matches('.').to_owned());
        }
    }
    let text = tree.text("etc/resolv.conf", LONGEST);
    let said = |line: &str| {
        let mut words = line.split_whitespace();
        let is_it = matches!(words.next(), Some("domain" | "search"));
        words.next().filter(|name| is_it && *name != ".").map(|name| name.trim_end_matches('.').to_owned())
    };
    word(text.lines().find_map(said).ok_or(Absence::Missing)?)
}

/// A name in lower case, which holds no blank.
fn word(text: String) -> Result<String, Absence> {
    match text.to_lowercase() {
        name if name.is_empty() => Err(Absence::Missing),
        name if name.contains(char::is_whitespace) => Err(Absence::Unreadable("it is no name".into())),
        name => Ok(name),
    }
}
