//! The component `name` of a virtual host: host name, time zone and domain, as selected by the operator.

use super::ids::first;
use super::placeholder::is_host_placeholder;
use super::probed::Finding;
use super::tree::Tree;
use airlatch_core::model::{Absence, HostSetting};

/// The most bytes read of `resolv.conf`.
const MAX_TEXT: u64 = 64 * 1024;

/// The selected settings, separated by blanks. If one of them is missing, there is no value.
pub(super) fn name(tree: &Tree, settings: &[HostSetting]) -> Finding {
    let read = |setting: &HostSetting| match setting {
        HostSetting::HostName => host_name(tree),
        HostSetting::TimeZone => time_zone(tree),
        HostSetting::Domain => domain(tree),
    };
    let values = settings.iter().map(read).collect::<Result<Vec<String>, Absence>>()?;
    if values.is_empty() { Err(Absence::Missing) } else { Ok(vec![values.join(" ")]) }
}

/// The first label of the host name; the domain may change with the network.
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

/// The domain of the host name, else the search domain of the resolver.
fn domain(tree: &Tree) -> Result<String, Absence> {
    for path in ["proc/sys/kernel/hostname", "etc/hostname"] {
        if let Some((_, domain)) = tree.value(path).unwrap_or_default().split_once('.') {
            return word(domain.trim_end_matches('.').to_owned());
        }
    }
    let text = tree.text("etc/resolv.conf", MAX_TEXT);
    let search_domain = |line: &str| {
        let mut words = line.split_whitespace();
        let is_domain = matches!(words.next(), Some("domain" | "search"));
        let name = words.next().filter(|name| is_domain && *name != ".");
        name.map(|name| name.trim_end_matches('.').to_owned())
    };
    word(text.lines().find_map(search_domain).ok_or(Absence::Missing)?)
}

/// A name in lower case, without blanks.
fn word(text: String) -> Result<String, Absence> {
    match text.to_lowercase() {
        name if name.is_empty() => Err(Absence::Missing),
        name if name.contains(char::is_whitespace) => Err(Absence::Unreadable("it is not a name".into())),
        name => Ok(name),
    }
}
