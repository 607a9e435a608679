//! The room table of `src/README.md` and the dependencies of `Cargo.toml`: what the code is held to.

use std::collections::{BTreeMap, BTreeSet};

use crate::Finding;

pub(crate) const MAP: &str = "src/README.md";

/// A row of the table.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Room {
    pub(crate) floor: u32,
    /// Rooms it may import; `all` stands for every lower floor.
    pub(crate) imports: BTreeSet<String>,
    /// Outside names it may use, dashes as underscores.
    pub(crate) outside: BTreeSet<String>,
}

/// What may be named where.
#[derive(Debug, Default)]
pub(crate) struct House {
    pub(crate) rooms: BTreeMap<String, Room>,
    /// Crates every room may use.
    pub(crate) free: BTreeSet<String>,
    /// The crates that the manifests depend on, without our own, dashes as underscores.
    pub(crate) crates: BTreeSet<String>,
}

impl House {
    /// Reads the table and the manifests of all crates.
    pub(crate) fn new<'a>(map: &str, manifests: impl IntoIterator<Item = &'a str>) -> Self {
        let crates = manifests.into_iter().flat_map(dependencies).collect();
        let mut house = Self { crates, ..Self::default() };
        for line in map.lines() {
            if let Some(free) = line.strip_prefix("Free for all:") {
                house.free = names(free).into_iter().map(|n| n.replace('-', "_")).collect();
            }
            let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
            let [room, floor, _, imports, outside] = cells[..] else { continue };
            let Ok(floor) = floor.trim().parse() else { continue };
            let outside = names(outside).into_iter().map(|n| n.replace('-', "_")).collect();
            let imports = if imports.trim() == "all" { ["all".into()].into() } else { names(imports) };
            house.rooms.insert(room.trim().trim_matches('`').into(), Room { floor, imports, outside });
        }
        house
    }

    /// Whether `room` may import `other`.
    pub(crate) fn may_import(&self, room: &str, other: &str) -> bool {
        let (Some(room), Some(target)) = (self.rooms.get(room), self.rooms.get(other)) else { return false };
        room.imports.contains(other) || (room.imports.contains("all") && target.floor < room.floor)
    }

    /// The rooms that may use an outside name, if it is guarded.
    pub(crate) fn owners(&self, name: &str) -> Vec<&str> {
        self.rooms.iter().filter(|(_, r)| r.outside.contains(name)).map(|(name, _)| name.as_str()).collect()
    }

    /// What is wrong with the table itself: rooms it doesn't know, circles, crates in nobody's row.
    pub(crate) fn faults(&self) -> Vec<Finding> {
        let mut faults = Vec::new();
        let mut fault = |what: String| faults.push(Finding::new(MAP, 1, what));
        if self.rooms.is_empty() {
            fault("there is no room table, put it back".into());
        }
        for (name, room) in &self.rooms {
            for other in room.imports.iter().filter(|other| *other != "all") {
                match self.rooms.get(other) {
                    None => fault(format!("`{name}` imports `{other}`, which has no row, add one")),
                    Some(target) if target.floor >= room.floor => fault(format!(
                        "`{name}` imports `{other}`, which is not on a lower floor, move what both need below them"
                    )),
                    Some(_) => {}
                }
            }
        }
        for name in self.crates.iter().filter(|n| !self.free.contains(*n) && self.owners(n).is_empty()) {
            fault(format!("the crate `{name}` of Cargo.toml is in no row, say which room may use it"));
        }
        faults
    }
}

/// The words between backticks.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The dependencies of every target, without those of tests.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    let targets = manifest.get("target").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let tables = targets.values().filter_map(|t| t.get("dependencies")).chain(manifest.get("dependencies"));
    let keys = tables.filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
    keys.map(|name| name.replace('-', "_")).filter(|name| !name.starts_with("airlatch")).collect()
}

#[cfg(test)]
pub(crate) fn sample() -> House {
    let map = "Free for all: `zeroize`.\n\
        | room | floor | owns | may import | outside names |\n|---|---|---|---|---|\n\
        | `model` | 0 | nouns | – | – |\n\
        | `platform` | 1 | machine | `model` | `std::fs`, `signal-hook` |\n\
        | `format` | 2 | bytes | `model` | `toml` |\n\
        | `cli` | 4 | verbs | all | `toml`, `std::process` |\n\
        | `main` | 5 | doorstep | all | – |\n";
    let manifest =
        "[dependencies]\ntoml = '1'\nzeroize = '1'\n[target.'cfg(unix)'.dependencies]\nsignal-hook = '0'";
    House::new(map, [manifest])
}

#[test]
fn the_table_is_read() {
    let house = sample();
    assert_eq!(house.rooms.len(), 5);
    assert_eq!(house.owners("toml"), ["cli", "format"]);
    assert_eq!(house.crates, ["signal_hook", "toml", "zeroize"].map(String::from).into());
    assert!(house.may_import("cli", "format") && house.may_import("format", "model"));
    assert!(!house.may_import("format", "platform") && !house.may_import("cli", "main"));
    assert!(house.faults().is_empty(), "{:?}", house.faults());
}

#[test]
fn a_bad_table_is_reported() {
    let says = |map: &str, manifest: &str| format!("{:?}", House::new(map, [manifest]).faults());
    assert!(says("nothing", "").contains("no room table"));
    let circle = "|`a`|1|x|`b`|–|\n|`b`|1|x|`a`|–|\n";
    assert_eq!(House::new(circle, []).faults().len(), 2);
    assert!(says("|`a`|1|x|`c`|–|", "").contains("`c`, which has no row"));
    assert!(says("|`a`|1|x|–|–|", "[dependencies]\nserde-x = '1'").contains("serde_x"));
}
