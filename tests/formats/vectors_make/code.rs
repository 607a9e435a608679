//! Typed codes: the forms a person may type, and what is found wrong.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{HOST, SHOWN, VENDOR, code, key_id, locking_id, public, site, system_id};

fn vector(condition: &str, expect: &str, comment: &str, kind: CodeKind, typed: &str) -> Vector {
    let vector = Vector::new(format!("code/{condition}"), expect, comment).with("kind", kind.name());
    vector.body(format!("{typed}\n"))
}

pub(crate) fn vectors() -> Vec<Vector> {
    let id = system_id(HOST);
    let mut vectors = kinds();
    vectors.extend(forms());
    vectors.extend(wrong(&id));
    vectors
}

/// One code of each kind; and each where a System ID is asked for.
fn kinds() -> Vec<Vector> {
    let codes = [
        (CodeKind::System, system_id(HOST)),
        (CodeKind::Locking, locking_id(&SHOWN.map(|(kind, _)| kind))),
        (CodeKind::Key, key_id(&public(VENDOR))),
        (CodeKind::Order, code(CodeKind::Order, "an order", b"")),
        (CodeKind::Site, site("north")),
        (CodeKind::Document, code(CodeKind::Document, "a document", b"")),
    ];
    let word = |kind: CodeKind| kind.name().to_lowercase().replace(' ', "-");
    let mut vectors = Vec::new();
    for (kind, typed) in &codes {
        let name = word(*kind);
        let comment = format!("A {} as it is printed", kind.name());
        vectors.push(vector(&name, "valid", &comment, *kind, typed).with("code", typed));
        if *kind != CodeKind::System {
            let comment = format!("A {} where a System ID is asked for", kind.name());
            vectors.push(vector(&format!("{name}-instead"), "wrong-code", &comment, CodeKind::System, typed));
        }
    }
    vectors
}

/// A code that has a 0 and a 1 in it.
fn with_look_alikes() -> String {
    let fitting = |text: &String| text.contains('0') && text.contains('1');
    (0u8..=255).map(|n| code(CodeKind::Order, "look-alikes", &[n])).find(fitting).unwrap()
}

fn forms() -> Vec<Vector> {
    let plain = with_look_alikes();
    let typed = |condition, comment, text: String| {
        vector(condition, "valid", comment, CodeKind::Order, &text).with("code", &plain)
    };
    let groups: String = plain.replace('-', "");
    let pairs: Vec<String> =
        groups.as_bytes().chunks(2).map(|two| String::from_utf8_lossy(two).into()).collect();
    vec![
        typed("lower-case", "Lower case", plain.to_lowercase()),
        typed("o-for-0", "The letter O for the digit 0", plain.replace('0', "O")),
        typed("small-o-for-0", "The small letter o for the digit 0", plain.replace('0', "o")),
        typed("i-for-1", "The letter I for the digit 1", plain.replace('1', "I")),
        typed("l-for-1", "The letter l for the digit 1", plain.replace('1', "l")),
        typed("no-dashes", "No dashes", groups.clone()),
        typed("blanks-for-dashes", "Blanks for dashes", plain.replace('-', " ")),
        typed("blanks-anywhere", "Blanks between other characters", pairs.join(" ")),
        typed("en-dashes", "Dashes as word processors make them", plain.replace('-', "\u{2013}")),
        typed("blanks-around", "Blanks around the code", format!("  {plain}\t")),
        typed("dashes-doubled", "Two dashes each", plain.replace('-', "--")),
    ]
}

fn wrong(id: &str) -> Vec<Vector> {
    let bad =
        |condition, comment, text: String| vector(condition, "bad-code", comment, CodeKind::System, &text);
    let groups: Vec<&str> = id.split('-').collect();
    let other = |c: char| if c == '7' { '8' } else { '7' };
    let with = |at: usize, c: char| format!("{}{c}{}", &id[..at], &id[at + 1..]);
    let char_at = |at: usize| char::from(id.as_bytes()[at]);
    let swap = |a: usize, b: usize| {
        let mut bytes = id.as_bytes().to_vec();
        bytes.swap(a, b);
        String::from_utf8(bytes).unwrap()
    };
    let neighbours = (0..id.len() - 1).find(|&i| {
        let (a, b) = (char_at(i), char_at(i + 1));
        a != b && a != '-' && b != '-'
    });
    let neighbours = neighbours.unwrap();
    vec![
        bad("first-character-wrong", "The first character is another", with(0, other(char_at(0)))),
        bad("check-character-wrong", "A check character is another", with(4, other(char_at(4)))),
        bad("last-character-wrong", "The last character is another", with(28, other(char_at(28)))),
        bad("neighbours-swapped", "Two neighbours have changed places", swap(neighbours, neighbours + 1)),
        bad(
            "groups-swapped",
            "Two groups have changed places",
            [groups[1], groups[0], groups[2], groups[3], groups[4]].join("-"),
        ),
        bad(
            "group-doubled",
            "One group stands there twice",
            [groups[0], groups[0], groups[2], groups[3], groups[4]].join("-"),
        ),
        bad("group-missing", "A group is missing", groups[..4].join("-")),
        bad("group-added", "A group too many", format!("{id}-{}", groups[0])),
        bad("character-missing", "A character is missing", id[1..].into()),
        bad("character-added", "A character too many", format!("{id}0")),
        bad("u-in-no-code", "U is in no code", with(1, 'U')),
        bad("look-alike-of-another-script", "A Cyrillic letter", with(1, '\u{410}')),
        bad("full-width-digit", "A full-width digit", with(1, '\u{ff17}')),
        bad("punctuation", "A full stop at the end", format!("{id}.")),
        bad("empty", "Nothing was typed", String::new()),
        bad("very-long", "1,000 characters", "7".repeat(1000)),
    ]
}
