//! The veil over a support bundle: hardware values, authorization codes, keys and names are taken out of every line.

use airlatch_core::crypto;
use airlatch_core::format::visible;
use airlatch_core::model::{Code, CodeKind, ComponentKind, Components, Mac};

use super::names::Names;

/// A run of so many characters of base64 or hexadecimal digits may be a key.
const KEY_LIKE: usize = 32;
/// Names that tell nothing about anybody.
const GENERIC: [&str; 8] = ["root", "localhost", "host", "user", "admin", "license", "airlatch", "home"];

/// What is taken out, and what is put in its place.
#[derive(Debug, Default)]
pub(super) struct Veil {
    values: Vec<(String, String)>,
    names: Vec<(String, &'static str)>,
    may_stand: Vec<String>,
}

impl Veil {
    /// Takes out these values and names; the digests in `may_stand` are no secrets.
    pub(super) fn new(values: &Components, names: &Names, may_stand: Vec<String>) -> Self {
        let mut veil = Self { may_stand, ..Self::default() };
        for kind in ComponentKind::ALL {
            for value in values.get(kind) {
                let short = format!("[{} {:05x}]", kind.name(), crypto::locking_bits(kind, value));
                veil.values.extend(spellings(value).into_iter().map(|spelling| (spelling, short.clone())));
            }
        }
        veil.values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        let named = |names: &[String], label| {
            names.iter().map(move |name| (name.to_ascii_lowercase(), label)).collect::<Vec<_>>()
        };
        veil.names.extend(named(&names.hosts, "[host name]"));
        veil.names.extend(named(&names.users, "[user]"));
        veil.names.retain(|(name, _)| name.len() > 1 && !GENERIC.contains(&name.as_str()));
        veil
    }

    /// One line as it may leave the site, with control characters made visible.
    pub(super) fn over(&self, line: &str) -> String {
        let mut line = visible(line);
        for (value, short) in &self.values {
            line = replaced(&line, value, short, value.len() < 6);
        }
        line = macs(&line);
        line = codes(&line);
        line = self.keys(&line);
        for (name, label) in &self.names {
            line = replaced(&line, name, label, true);
        }
        line
    }

    /// Runs of characters that may be key material.
    fn keys(&self, line: &str) -> String {
        let of_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        pieces(line, of_base64, |run| {
            let has = |is: fn(&char) -> bool| run.chars().any(|c| is(&c));
            let mixed =
                has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
            let hex = run.chars().all(|c| c.is_ascii_hexdigit());
            let suspect =
                run.len() >= KEY_LIKE && (mixed || hex) && !self.may_stand.iter().any(|it| it == run);
            suspect.then(|| format!("[{} characters left out]", run.len()))
        })
    }
}

/// The ways in which a value is written, in small letters: as it is, without marks, and as bytes.
fn spellings(value: &str) -> Vec<String> {
    let value = value.to_ascii_lowercase();
    let bare: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![visible(&value), bare, digits];
    all.retain(|spelling| spelling.len() > 2);
    all.dedup();
    all
}

/// `line` with every `value`, which is in small letters, replaced; where `whole`, only as a word of its own.
fn replaced(line: &str, value: &str, by: &str, whole: bool) -> String {
    let small = line.to_ascii_lowercase();
    let (mut out, mut at) = (String::with_capacity(line.len()), 0);
    while let Some(found) = small[at..].find(value).map(|found| found + at) {
        let end = found + value.len();
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let inside = joins(small[..found].chars().next_back()) || joins(small[end..].chars().next());
        out.push_str(&line[at..found]);
        out.push_str(if whole && inside { &line[found..end] } else { by });
        at = end;
    }
    out + &line[at..]
}

/// `line` with the runs of such characters for which there is something else.
fn pieces(line: &str, belongs: impl Fn(char) -> bool, instead: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(length);
        out.push_str(&instead(run).unwrap_or_else(|| run.to_owned()));
        let other = behind.find(&belongs).unwrap_or(behind.len());
        out.push_str(&behind[..other]);
        rest = &behind[other..];
    }
    out
}

/// Addresses of network cards in any spelling; one without marks has a letter, or it may be any number.
fn macs(line: &str) -> String {
    let of_mac = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '.');
    pieces(line, of_mac, |run| {
        let inner = run.trim_matches(['-', '.', ':']);
        let inner = if inner.parse::<Mac>().is_ok() {
            inner
        } else {
            inner.split(['-', '.']).find(|it| it.len() > 11)?
        };
        let has = |is: fn(&char) -> bool| inner.chars().any(|c| is(&c));
        let may_be = has(|c| matches!(c, ':' | '-' | '.'))
            || (has(char::is_ascii_digit) && has(char::is_ascii_alphabetic));
        let mac: Mac = inner.parse().ok().filter(|_| may_be)?;
        let bits = crypto::locking_bits(ComponentKind::Nic, &mac.bare());
        Some(run.replace(inner, &format!("[{} {bits:05x}]", ComponentKind::Nic.name())))
    })
}

/// Authorization codes: whoever has one can draw on what was bought. They stand within the names of files, too, and there
/// with any mark between their groups.
fn codes(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let (mut out, mut at) = (String::with_capacity(line.len()), 0);
    while let Some(c) = chars.get(at) {
        let inside = at > 0 && chars[at - 1].is_alphanumeric();
        match code_at(&chars[at..]).filter(|_| !inside) {
            Some(length) => {
                out.push_str("[authorization code]");
                at += length;
            }
            None => {
                out.push(*c);
                at += 1;
            }
        }
    }
    out
}

/// How many of the characters from the first one on are an authorization code.
fn code_at(chars: &[char]) -> Option<usize> {
    let mut code = String::new();
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_alphanumeric() {
            code.push(*c);
        } else if code.is_empty() || !code.len().is_multiple_of(5) || !chars[at - 1].is_ascii_alphanumeric() {
            return None;
        }
        if code.len() == 25 {
            let ends = chars.get(at + 1).is_none_or(|next| !next.is_alphanumeric());
            let is_it = || Code::parse_any(&code).is_ok_and(|code| code.kind() == CodeKind::Order);
            return (ends && is_it()).then_some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        let mut values = Components::default();
        values.add(ComponentKind::Board, "CN-0A1B2C");
        values.add(ComponentKind::System, "4c4c4544-0042-3510-8048-b7c04f564432");
        values.add(ComponentKind::Nic, "3c2c30a1b2c3");
        let names =
            Names { hosts: vec!["pbx7.clinic.example".into(), "pbx7".into()], users: vec!["ann".into()] };
        Veil::new(&values, &names, vec!["ab".repeat(32)])
    }

    #[test]
    fn values_names_codes_and_keys_are_taken_out() {
        let code = Code::from_digest(CodeKind::Order, &[9; 32]).to_string();
        let key = Code::from_digest(CodeKind::Key, &[9; 32]).to_string();
        let short = |kind: ComponentKind, value| {
            format!("[{} {:05x}]", kind.name(), crypto::locking_bits(kind, value))
        };
        let board = short(ComponentKind::Board, "CN-0A1B2C");
        let system = short(ComponentKind::System, "4c4c4544-0042-3510-8048-b7c04f564432");
        let card = short(ComponentKind::Nic, "3c2c30a1b2c3");
        let other = short(ComponentKind::Nic, "0004f1144bd4");
        let cases: [(&str, &str); 16] = [
            ("serial cn-0a1b2c.", &format!("serial {board}.")),
            ("x4C4C4544004235108048B7C04F564432", &format!("x{system}")),
            ("mac 3C:2C:30:A1:B2:C3, 3c2c.30a1.b2c3", &format!("mac {card}, {card}")),
            ("of 00:04:f1:14:4b:d4", &format!("of {other}")),
            ("0004f1144bd4-license.cfg", &format!("{other}-license.cfg")),
            ("order 202611210001", "order 202611210001"),
            (
                "/home/ann/x, Annex, PBX7 and pbx7.clinic.example",
                "/home/[user]/x, Annex, [host name] and [host name]",
            ),
            ("seed MC4CAQAwBQYDK2VwBCIEIDgXpYkvnAUlGk2Xpw19", "seed [40 characters left out]"),
            (&format!("hash {}", "ab".repeat(32)), &format!("hash {}", "ab".repeat(32))),
            (&format!("hash {}", "ba".repeat(32)), "hash [64 characters left out]"),
            (
                &format!("codes {code} {}", code.to_lowercase()),
                "codes [authorization code] [authorization code]",
            ),
            (
                &format!("order-{code}-host {}", code.replace('-', "_")),
                "order-[authorization code]-host [authorization code]",
            ),
            (&format!("x{code} {code}x"), &format!("x{code} {code}x")),
            (&code.replace('-', ""), "[authorization code]"),
            (&format!("key {key}"), &format!("key {key}")),
            ("\u{1b}[31m\u{202e}", "\\u{1b}[31m\\u{202e}"),
        ];
        for (line, shown) in cases {
            assert_eq!(veil().over(line), shown);
        }
    }

    #[test]
    fn a_name_that_names_nobody_stays() {
        let names = Names { hosts: vec!["localhost".into(), "x".into()], users: vec!["root".into()] };
        let veil = Veil::new(&Components::default(), &names, Vec::new());
        let line = "ok    home      of root on localhost";
        assert_eq!(veil.over(line), line);
    }
}
