//! The veil over a support bundle: hardware values, authorization codes, keys and names are taken out of every line.

use crate::crypto;
use crate::format::visible;
use crate::model::{Code, CodeKind, ComponentKind, Components, Mac};

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

/// Addresses of network cards in any spelling with marks.
fn macs(line: &str) -> String {
    let of_mac = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '-' | '.');
    pieces(line, of_mac, |run| {
        let inner = run.trim_matches(['-', '.', ':']);
        let mac: Mac = inner.parse().ok().filter(|_| inner.contains([':', '-', '.']))?;
        let bits = crypto::locking_bits(ComponentKind::Nic, &mac.bare());
        Some(run.replace(inner, &format!("[{} {bits:05x}]", ComponentKind::Nic.name())))
    })
}

/// Authorization codes: whoever has one can draw on what was bought.
fn codes(line: &str) -> String {
    pieces(
        line,
        |c: char| c.is_ascii_alphanumeric() || c == '-',
        |run| {
            let code = Code::parse_any(run).ok()?;
            (code.kind() == CodeKind::Order).then(|| "[authorization code]".to_owned())
        },
    )
}
