//! Which files the compiler sees: those a `mod` line leads to from the head of a crate or of a test program.

use std::collections::BTreeMap;

use crate::source::Source;
use crate::tokens::is_word;
use crate::{Finding, inside};

/// Follows the `mod` lines, marks files that are test code as such, and reports files no line leads to.
pub(crate) fn unreached(sources: &mut BTreeMap<String, Source>) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let is_head = |path: &str| is_test_program(path) || matches!(inside(path), Some("lib.rs" | "main.rs"));
    let heads = sources.keys().filter(|path| is_head(path));
    let mut next: Vec<(String, bool)> = heads.map(|path| (path.clone(), false)).collect();
    while let Some((path, tests)) = next.pop() {
        let Some(source) = sources.get_mut(&path).filter(|_| seen.insert(path.clone(), ()).is_none()) else {
            continue;
        };
        if tests {
            source.all_tests();
        }
        let children = modules(source).into_iter().flat_map(|(name, tests)| {
            // The head of a test program takes what it needs of `tests/common` too.
            let shared = is_test_program(&path).then_some("tests/common".to_owned());
            let folders = [folder(&path)].into_iter().chain(shared);
            let files = |folder| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
            folders.flat_map(files).map(|path| (path, tests)).collect::<Vec<_>>()
        });
        next.extend(children);
    }
    let lost = sources.keys().filter(|path| !seen.contains_key(*path));
    lost.map(|path| Finding::new(path, 1, "no mod line leads here, add one or delete the file")).collect()
}

/// Whether the file is the head of a test program, which `Cargo.toml` names.
fn is_test_program(path: &str) -> bool {
    path.starts_with("tests/") && path.ends_with("/main.rs") && path.matches('/').count() == 2
}

/// The folder in which the modules of a file lie.
fn folder(path: &str) -> String {
    let inner = path.trim_end_matches(".rs");
    let own = ["/mod", "/lib", "/main"].iter().find_map(|head| inner.strip_suffix(head));
    own.unwrap_or(inner).to_owned()
}

/// The names of `mod name;` lines, and whether each is test code.
fn modules(source: &Source) -> Vec<(String, bool)> {
    let module = |at: usize| match source.window(at, 3)[..] {
        ["mod", name, ";"] if is_word(name) => {
            Some((name.to_owned(), source.in_tests(source.tokens[at].line)))
        }
        _ => None,
    };
    (0..source.tokens.len()).filter_map(module).collect()
}

#[test]
fn a_file_without_a_mod_line_is_reported() {
    let files = [
        ("src/lib.rs", "pub mod a;\n// mod lost;\n#[cfg(feature = \"b\")]\nmod b;"),
        ("src/main.rs", "mod c;"),
        ("src/a/mod.rs", "mod d;\n#[cfg(test)]\nmod tests;"),
        ("src/a/d.rs", "mod e;"),
        ("src/a/d/e.rs", ""),
        ("src/a/tests.rs", "fn f() {}"),
        ("src/b.rs", ""),
        ("src/c.rs", ""),
        ("src/lost.rs", ""),
        ("crates/core/src/lib.rs", "mod a;"),
        ("crates/core/src/a.rs", ""),
        ("crates/core/src/lost.rs", ""),
        ("src/a/lost.rs", ""),
        ("tests/x/main.rs", "#[path = \"../common\"]\nmod common { pub mod f; }\nmod g;"),
        ("tests/common/f.rs", ""),
        ("tests/common/lost.rs", ""),
        ("tests/x/g/mod.rs", "mod h;"),
        ("tests/x/g/h.rs", ""),
        ("tests/x/lost.rs", ""),
    ];
    let mut sources: BTreeMap<_, _> =
        files.iter().map(|(path, text)| ((*path).to_owned(), Source::new(path, text))).collect();
    let lost = unreached(&mut sources);
    let lost: Vec<_> = lost.iter().map(|f| f.path.as_str()).collect();
    let core = "crates/core/src/lost.rs";
    assert_eq!(lost, [core, "src/a/lost.rs", "src/lost.rs", "tests/common/lost.rs", "tests/x/lost.rs"]);
    assert!(sources["src/a/tests.rs"].in_tests(1) && !sources["src/a/d.rs"].in_tests(1));
}
