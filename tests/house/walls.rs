//! The walls between rooms: what a file may import, which outside names it may use, and which doors nobody goes through.

use std::collections::BTreeSet;

use crate::map::{House, MAP};
use crate::source::{CodePath, Source};
use crate::{Finding, inside};

/// Our own crates as paths name them, each from its root.
pub(crate) const OURS: [&str; 5] =
    ["crate", "airlatch", "airlatch_core", "airlatch_machine", "airlatch_desk"];

/// The room a source file belongs to; a `lib.rs` belongs to none.
pub(crate) fn room(path: &str) -> Option<&str> {
    let first = inside(path)?.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|room| *room != "lib")
}

/// How many modules deep a file is: 1 for the head of a room.
fn depth(path: &str) -> usize {
    let inner = inside(path).unwrap_or_default().trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(inner, "lib" | "main") { 0 } else { inner.split('/').count() }
}

/// A file of a room that the table doesn't know.
pub(crate) fn rooms(source: &Source, house: &House) -> Vec<Finding> {
    let unknown = room(&source.path).filter(|room| !house.rooms.contains_key(*room));
    let what = |room| format!("the room `{room}` is not in the table of src/README.md, add its row");
    unknown.map(|room| Finding::new(&source.path, 1, what(room))).into_iter().collect()
}

/// Imports of other rooms that the table doesn't allow, and ways around it.
pub(crate) fn imports(source: &Source, house: &House) -> Vec<Finding> {
    let Some(room) = room(&source.path) else { return Vec::new() };
    let judge = |path: &CodePath| {
        let target = match from_root(path, depth(&source.path)) {
            Root::Here => return None,
            Root::Climbs if source.in_tests(path.line) => return None,
            Root::Climbs => return Some(format!("climbs by super::super, write crate::{room}::…")),
            Root::Crate(rest) => rest.first().map_or("", String::as_str),
        };
        if target == room || house.may_import(room, target) {
            return None;
        }
        let known = house.rooms.contains_key(target);
        Some(match target {
            "" | "*" | "self" => "takes the whole crate, name one room: crate::ROOM::…".into(),
            _ if known => format!("`{room}` may not import `{target}`, see the table of src/README.md"),
            _ => format!("`crate::{target}` goes around the rooms, write crate::ROOM::{target}"),
        })
    };
    report(source, judge)
}

enum Root<'a> {
    /// Inside the file's own module, or outside the crate.
    Here,
    /// Two steps up, but still inside the room.
    Climbs,
    /// From the root of the crate.
    Crate(&'a [String]),
}

fn from_root(path: &CodePath, depth: usize) -> Root<'_> {
    let supers = path.segments.iter().take_while(|s| *s == "super").count();
    match path.segments[0].as_str() {
        first if OURS.contains(&first) => Root::Crate(&path.segments[1..]),
        _ if supers > 0 && supers >= depth + path.inside => Root::Crate(&path.segments[supers..]),
        _ if supers > 1 => Root::Climbs,
        _ => Root::Here,
    }
}

/// Outside crates and parts of `std` that belong to another room.
pub(crate) fn outside(source: &Source, house: &House) -> Vec<Finding> {
    if inside(&source.path).is_none() {
        return Vec::new();
    }
    let room = room(&source.path).unwrap_or("lib");
    let judge = |path: &CodePath| {
        let first = path.segments[0].as_str();
        let name = match first {
            "std" | "core" | "alloc" if source.in_tests(path.line) => return None,
            "std" | "core" | "alloc" => match path.segments.get(1).map(String::as_str) {
                None | Some("*" | "self") => return Some("takes all of std, name the module".into()),
                Some(module) => format!("std::{module}"),
            },
            _ => first.to_owned(),
        };
        let owners = house.owners(&name);
        if owners.is_empty() || owners.contains(&room) || house.free.contains(&name) {
            return None;
        }
        let owners = owners.join("`, `");
        Some(format!("`{name}` belongs to `{owners}`, take what you need as a value or ask that room"))
    };
    report(source, judge)
}

/// Permissions of the table that no file makes use of: an import, an outside name, a name that is free for all.
///
/// An import of every lower floor (`all`) is not held against a room; `std` in test code needs no permission, so it is no use.
pub(crate) fn unused<'a>(sources: impl Iterator<Item = &'a Source>, house: &House) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    for source in sources {
        let Some(room) = room(&source.path) else { continue };
        for path in source.paths() {
            let first = path.segments[0].clone();
            let second = path.segments.get(1).cloned().unwrap_or_default();
            let name = match from_root(&path, depth(&source.path)) {
                Root::Crate(rest) => rest.first().cloned().unwrap_or_default(),
                _ if !matches!(first.as_str(), "std" | "core" | "alloc") => first,
                _ if source.in_tests(path.line) => continue,
                _ => format!("std::{second}"),
            };
            used.insert((room.to_owned(), name));
        }
    }
    let by_anyone = |name: &str| used.iter().any(|(_, used)| used == name);
    let by = |room: &str, name: &str| used.contains(&(room.to_owned(), name.to_owned()));
    let mut idle = Vec::new();
    for (room, row) in &house.rooms {
        let names = row.imports.iter().filter(|name| *name != "all").chain(&row.outside);
        idle.extend(names.filter(|name| !by(room, name)).map(|name| (format!("`{room}` may use"), name)));
    }
    idle.extend(
        house.free.iter().filter(|name| !by_anyone(name)).map(|name| ("all may use".to_owned(), name)),
    );
    let what = |(who, name)| format!("{who} `{name}`, but no file names it, take it out of the table");
    idle.into_iter().map(|idle| Finding::new(MAP, 1, what(idle))).collect()
}

fn report(source: &Source, judge: impl Fn(&CodePath) -> Option<String>) -> Vec<Finding> {
    let paths = source.paths();
    paths.iter().filter_map(|p| judge(p).map(|what| Finding::new(&source.path, p.line, what))).collect()
}

/// `extern crate` and `#[path]`, which would hide names from the other rules.
pub(crate) fn side_doors(source: &Source, _: &House) -> Vec<Finding> {
    let door = |at: usize| match source.window(at, 3)[..] {
        ["extern", "crate", ..] => Some("extern crate hides a name, use the crate by its own"),
        ["#", "[", "path"] => Some("#[path] hides a file, put it where its mod line says"),
        _ => None,
    };
    let found = |at: usize| door(at).map(|what| Finding::new(&source.path, source.tokens[at].line, what));
    if inside(&source.path).is_some() {
        (0..source.tokens.len()).filter_map(found).collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::sample;

    type Rule = fn(&Source, &House) -> Vec<Finding>;

    fn lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text), &sample()).iter().map(|f| f.line).collect()
    }

    #[test]
    fn a_room_without_a_row_is_reported() {
        assert_eq!(lines(rooms, "src/attic/box.rs", ""), [1]);
        assert_eq!(lines(rooms, "src/attic.rs", ""), [1]);
        assert!(lines(rooms, "src/model/mac.rs", "").is_empty() && lines(rooms, "src/lib.rs", "").is_empty());
    }

    #[test]
    fn an_import_from_the_wrong_room_is_reported() {
        let text = "use crate::model::Mac;\nuse crate::{\n    model::Mac,\n    platform::Files,\n};\n\
            fn f() { crate::cli::run() }\nuse crate::Mac;\nuse crate::*;\nuse super::super::platform;\nuse super::a;\n\
            #[cfg(test)]\nmod tests { use crate::cli::run; use super::super::b; }";
        let text = &text.replace("crate::cli", "airlatch::cli");
        assert_eq!(lines(imports, "crates/core/src/format/armor.rs", text), [4, 6, 7, 8, 9, 12]);
        assert_eq!(
            lines(imports, "src/format/mod.rs", "use super::platform::Files;\nuse super::model;"),
            [1]
        );
        assert_eq!(lines(imports, "src/format/a/b.rs", "use super::super::c;"), [1]);
        assert!(lines(imports, "src/format/mod.rs", "mod a { use super::b; }").is_empty());
        assert!(lines(imports, "src/cli/verify.rs", "use crate::{model, platform::Files};").is_empty());
        assert!(lines(imports, "src/format/a.rs", "use crate::format::b;").is_empty());
        assert!(lines(imports, "src/lib.rs", "pub use crate::model::Mac;").is_empty());
    }

    #[test]
    fn an_outside_name_in_the_wrong_room_is_reported() {
        let text = "use std::{fmt, fs};\nfn f() { std::process::exit(1) }\nuse toml;\nlet x = ::toml::from_str(s);\n\
            use signal_hook::flag;\nuse std::*;\nuse core::{fmt, fs as g};\nuse zeroize::Zeroize;\n// std::fs\n\
            let s = \"std::fs::read\";\n#[cfg(test)]\nmod tests { use std::fs; use toml::Value; }";
        assert_eq!(lines(outside, "src/model/mac.rs", text), [1, 2, 3, 4, 5, 6, 7, 12]);
        assert!(lines(outside, "src/platform/file.rs", "use std::fs;\nuse signal_hook::flag;").is_empty());
        assert!(lines(outside, "tests/trip.rs", "use std::fs;").is_empty());
        assert_eq!(lines(outside, "src/lib.rs", "pub use std::fs::File;"), [1]);
    }

    #[test]
    fn a_permission_that_nobody_uses_is_reported() {
        let said = |files: &[(&str, &str)]| {
            let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
            let found = unused(sources.iter(), &sample());
            found.iter().map(|f| f.what.split(", but").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let [model, fs] = ["use airlatch_core::model::Mac;", "use core::fs;\nuse signal_hook::flag;\n"];
        let format = "use super::model;\nfn f() { toml::to_string(zeroize::X) }";
        let whole = [
            ("crates/machine/src/platform/a.rs", model),
            ("crates/machine/src/platform/mod.rs", fs),
            ("crates/core/src/format/mod.rs", format),
            ("src/cli/a.rs", "use std::process;\nuse toml::{Table, Value};"),
        ];
        assert!(said(&whole).is_empty(), "{:?}", said(&whole));
        let without = |at: usize, text| {
            let mut files = whole;
            files[at].1 = text;
            said(&files)
        };
        assert_eq!(without(0, "use airlatch_core::rules;"), ["`platform` may use `model`"]);
        assert_eq!(without(1, "use std::fs;\n// signal_hook::flag"), ["`platform` may use `signal_hook`"]);
        let in_tests = "use signal_hook::flag;\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert_eq!(without(1, in_tests), ["`platform` may use `std::fs`"]);
        let all = ["`format` may use `model`", "`format` may use `toml`", "all may use `zeroize`"];
        assert_eq!(without(2, ""), all);
        assert_eq!(without(3, "use toml;"), ["`cli` may use `std::process`"]);
    }

    #[test]
    fn side_doors_are_reported() {
        let text = "extern crate toml as t;\n#[path = \"x.rs\"]\nmod y;";
        assert_eq!(lines(side_doors, "src/model/mod.rs", text), [1, 2]);
    }
}
