//! Circles of files inside a room: a file that needs, over others or straight, a file that needs it.
//!
//! A file needs another when its code, outside tests, names something that is defined there: by a path from the crate's
//! root (`crate::room::x::Y`), from where the file stands (`super::x::Y`, `x::Y` of a module below it), or through a name
//! that a `use` gave it. Names that a module passes on (`pub use`, or a `use` that those below it see) lead to the file that
//! defines them. A `mod` line, a `pub use` line and the bare name of a module are no need; what they bring in is one where
//! it is named. Methods are not followed: where a type is defined, its `impl` blocks may stand in files of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::Finding;
use crate::source::{CodePath, From, Source};
use crate::walls::{OURS, room};

/// The way from a file to one that it needs: who is needed, and the first line that says so.
type Needs<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

/// One finding for each circle; of files that stand in several circles, the shortest.
pub(crate) fn circles<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Finding> {
    let mut rooms: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(room) = room(&source.path) {
            rooms.entry(room).or_default().push(source);
        }
    }
    rooms.values().flat_map(|files| of_room(&Room::new(files))).collect()
}

fn of_room(room: &Room) -> Vec<Finding> {
    let needs = room.needs();
    let (mut found, mut told) = (Vec::new(), BTreeSet::new());
    for start in needs.keys() {
        let Some(circle) = shortest(&needs, start) else { continue };
        if circle.iter().any(|file| told.contains(file)) {
            continue;
        }
        let next = circle.iter().cycle().skip(1);
        let steps =
            circle.iter().zip(next).map(|(file, next)| format!("{file}:{} → {next}", needs[file][next]));
        let what = format!(
            "a circle, move what both need into a file of its own: {}",
            steps.collect::<Vec<_>>().join(", ")
        );
        found.push(Finding::new(start, needs[start][circle[1 % circle.len()]], what));
        told.extend(circle);
    }
    found
}

/// The shortest way from a file back to it.
fn shortest<'a>(needs: &Needs<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut ways = std::collections::VecDeque::from([vec![start]]);
    while let Some(way) = ways.pop_front() {
        for next in needs.get(way.last()?).into_iter().flatten().map(|(next, _)| *next) {
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                ways.push_back(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

/// The modules of a room, by their paths from the crate's root.
struct Room<'a> {
    modules: BTreeMap<Vec<String>, Module<'a>>,
}

struct Module<'a> {
    source: &'a Source,
    paths: Vec<CodePath>,
}

impl<'a> Room<'a> {
    fn new(files: &[&'a Source]) -> Self {
        let module = |source: &&'a Source| {
            let mut paths = source.paths();
            paths.retain(|path| !source.in_tests(path.line));
            (module_of(&source.path), Module { source, paths })
        };
        Self { modules: files.iter().map(module).collect() }
    }

    fn needs(&self) -> Needs<'a> {
        let mut needs = Needs::new();
        for (at, module) in &self.modules {
            let own = module.source.path.as_str();
            for path in &module.paths {
                let line = match path.from {
                    From::PubUse => module.source.names(&path.name),
                    _ => Some(path.line),
                };
                let files = line.map(|_| self.follow(at, path, 0)).unwrap_or_default();
                for (file, line) in
                    files.into_iter().zip(line.into_iter().cycle()).filter(|(file, _)| *file != own)
                {
                    let first = needs.entry(own).or_default().entry(file).or_insert(line);
                    *first = line.min(*first);
                }
            }
        }
        needs
    }

    /// The files of this room that define what a path names, as it is written in the module `at`.
    fn follow(&self, at: &[String], path: &CodePath, deep: usize) -> Vec<&'a str> {
        let (first, rest) = (path.segments[0].as_str(), &path.segments[1..]);
        if OURS.contains(&first) {
            return self.walk(Vec::new(), rest, deep);
        }
        if !matches!(first, "super" | "self") {
            let alone = path.from != From::Code && rest.is_empty();
            let known =
                self.modules.contains_key(&below(at, first)) || self.brings(at, first).next().is_some();
            return if known && !alone { self.walk(at.to_vec(), &path.segments, deep) } else { Vec::new() };
        }
        let supers = path.segments.iter().take_while(|segment| *segment == "super").count();
        // Inside an inline module the first steps up only lead to the file.
        let up = supers.saturating_sub(path.inside).min(at.len());
        self.walk(at[..at.len() - up].to_vec(), &path.segments[supers.max(1)..], deep)
    }

    /// The files that define what is named by a path that begins in the module `from`.
    fn walk(&self, mut from: Vec<String>, mut segments: &[String], deep: usize) -> Vec<&'a str> {
        while let Some((name, rest)) = segments.split_first() {
            let next = below(&from, name);
            let is_module = from.is_empty() || self.modules.contains_key(&next);
            if is_module && !rest.is_empty() {
                (from, segments) = (next, rest);
                continue;
            }
            let Some(module) = self.modules.get(&from) else { break };
            if let Some(files) = self.brought(&from, name, rest, deep) {
                return files;
            }
            return if is_module { Vec::new() } else { vec![&module.source.path] };
        }
        Vec::new()
    }

    /// The files behind a name that a `use` of the module `at` brought in, if one did; behind a `*`, those that define it.
    fn brought(&self, at: &[String], name: &str, rest: &[String], deep: usize) -> Option<Vec<&'a str>> {
        // Names that lead to each other lead nowhere.
        if deep > 8 {
            return Some(Vec::new());
        }
        let onward = |path: &CodePath, end: &[String]| {
            let stem = &path.segments[..path.segments.len() - usize::from(path.name == "*")];
            let path = CodePath { segments: [stem, end].concat(), ..path.clone() };
            self.follow(at, &path, deep + 1)
        };
        let mut named = self.brings(at, name).peekable();
        if named.peek().is_some() {
            return Some(named.flat_map(|path| onward(path, rest)).collect());
        }
        if self.modules[at].source.defines(name) {
            return None;
        }
        let name = [name.to_owned()];
        let mut files: Vec<_> = self.brings(at, "*").flat_map(|path| onward(path, &name)).collect();
        files.retain(|file| self.modules[&module_of(file)].source.defines(&name[0]));
        (!files.is_empty()).then_some(files)
    }

    /// The `use` paths of a module that bring in a name.
    fn brings(&self, at: &[String], name: &str) -> impl Iterator<Item = &CodePath> {
        let paths = self.modules.get(at).map(|module| module.paths.as_slice()).unwrap_or_default();
        paths.iter().filter(move |path| path.from != From::Code && path.name == name)
    }
}

fn below(at: &[String], name: &str) -> Vec<String> {
    [at, &[name.to_owned()]].concat()
}

/// The path of a file's module: `format::repair` of `crates/core/src/format/repair/mod.rs`.
fn module_of(path: &str) -> Vec<String> {
    let inner = crate::inside(path).unwrap_or_default().trim_end_matches(".rs").trim_end_matches("/mod");
    inner.split('/').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "crates/core/src/format/a.rs";
    const B: &str = "crates/core/src/format/b.rs";
    const C: &str = "crates/core/src/format/c.rs";
    const HEAD: &str = "crates/core/src/format/mod.rs";

    /// Every circle as the files and lines of its ways, without the folder.
    fn said(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        let found = circles(sources.iter());
        found
            .iter()
            .map(|f| f.what.split(": ").nth(1).unwrap().replace("crates/core/src/format/", ""))
            .collect()
    }

    #[test]
    fn a_way_there_and_back_is_reported_however_it_is_written() {
        for there in [
            "use super::b::Y;",
            "use super::{b::{self, Y}, c};",
            "use crate::format::b::Y;",
            "use airlatch_core::format::b::y;",
            "use super::b;\nfn f() { b::y() }",
            "use super::b as z;\nfn f() { z::y() }",
            "fn f() -> super::b::Y {}",
            "use super::b::*;",
            "mod inline {\nuse super::super::b::Y;\n}",
        ] {
            let line = there.lines().count().min(2);
            let back = "\n\nuse super::a::X;";
            let circle =
                format!("a.rs:{line} → b.rs, b.rs:3 → a.rs").replace("a.rs:2", &format!("a.rs:{line}"));
            assert_eq!(said(&[(A, there), (B, back)]), [circle], "{there}");
        }
    }

    #[test]
    fn what_names_nothing_of_the_other_is_no_circle() {
        for there in [
            "use super::b;",
            "use super::X;",
            "use std::b::Y;\nuse crate::model::b::Y;",
            "// super::b::Y\nlet s = \"super::b::Y\";",
            "#[cfg(test)]\nmod tests { use crate::format::b::Y; }",
            "fn f(b: B) { b.y() }",
            "pub use super::b::Y;",
        ] {
            assert!(said(&[(A, there), (B, "use super::a::X;")]).is_empty(), "{there}");
        }
        let model = ("crates/core/src/model/b.rs", "use super::a::X;");
        assert!(
            said(&[(A, "use super::b::Y;"), (B, ""), model, ("crates/core/src/model/a.rs", "")]).is_empty()
        );
    }

    #[test]
    fn a_name_that_is_passed_on_leads_to_the_file_that_defines_it() {
        let (a, b) = ((A, "use super::Y;"), (B, "use super::a::X;"));
        for head in ["mod a;\nmod b;\npub use b::Y;", "use b::Z as Y;", "pub(super) use self::b::{Y, z};"] {
            assert_eq!(said(&[a, b, (HEAD, head)]), ["a.rs:1 → b.rs, b.rs:1 → a.rs"], "{head}");
        }
        assert!(said(&[a, b, (HEAD, "pub struct Y;")]).is_empty());
        assert!(said(&[a, b, (HEAD, "pub use super::Y;")]).is_empty());
        let stars = (HEAD, "pub use b::*;\npub use c::*;");
        let (defines, not) = ((C, "struct Y;\nuse super::a::X;"), (C, "use super::a::X;"));
        assert_eq!(said(&[a, defines, stars]), ["a.rs:1 → c.rs, c.rs:2 → a.rs"]);
        assert!(said(&[a, not, stars]).is_empty());
    }

    #[test]
    fn a_head_that_uses_what_uses_it_is_reported() {
        let a = (A, "\nuse super::X;");
        for (line, head) in [
            (2, "struct X;\nfn f() { a::y() }"),
            (3, "mod a;\nstruct X;\nuse a::Y;"),
            (3, "pub use a::Y;\nstruct X;\nfn f() -> Y {}"),
            (3, "pub use a::y;\nstruct X;\nfn f() { y() }"),
            (3, "pub use a::Y;\nstruct X;\nfn f() { Y::new() }"),
        ] {
            assert_eq!(
                said(&[a, (HEAD, head)]),
                [format!("a.rs:2 → mod.rs, mod.rs:{line} → a.rs")],
                "{head}"
            );
        }
        for head in ["mod a;\npub use a::y;\nstruct X;\nfn f() { let y = 1; }", "pub use a::Y;\nstruct X;"] {
            assert!(said(&[a, (HEAD, head)]).is_empty(), "{head}");
        }
        // Neither the way to a module nor a name from outside is defined in the head.
        for there in ["use super::b;", "use super::fmt;\nfn g() -> fmt::Result {}"] {
            let head = (HEAD, "use std::fmt;\nfn f() { a::y() }");
            assert!(said(&[(A, there), (B, ""), head]).is_empty(), "{there}");
        }
    }

    #[test]
    fn of_long_ways_each_file_is_told_once() {
        let [to_b, to_c, to_a] = ["use super::b::Y;", "use super::c::Z;", "use super::a::X;"];
        assert_eq!(said(&[(A, to_b), (B, to_c), (C, to_a)]), ["a.rs:1 → b.rs, b.rs:1 → c.rs, c.rs:1 → a.rs"]);
        let both = format!("{to_b}\n{to_c}");
        assert_eq!(said(&[(A, &both), (B, to_c), (C, to_a)]), ["a.rs:2 → c.rs, c.rs:1 → a.rs"]);
        assert!(said(&[(A, to_b), (B, to_c), (C, "")]).is_empty());
        assert!(said(&[(A, to_b), (B, to_c), (C, "use super::d;")]).is_empty());
    }
}
