//! Makes every conformance vector, byte for byte the same each time: fixed keys, fixed salts, no clock.

mod advisory;
mod armor;
mod cast;
mod class;
mod clock_grace;
mod code;
mod damaged;
mod drift;
mod fleet;
mod grant;
mod host;
mod key;
mod key_text;
mod list;
mod mac;
mod mark;
mod marks;
mod order;
mod payload;
mod periods;
mod receipt;
mod request;
mod reset;
mod several;
mod signature;
mod toml;

use std::collections::BTreeMap;

/// One condition: the head says what is expected, the body is what a reader gets.
#[derive(Debug, Clone)]
pub(crate) struct Vector {
    /// Reader and condition: `document/expired`.
    pub(crate) path: String,
    head: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Vector {
    /// A vector of a reader such as `document`.
    pub(crate) fn new(path: impl Into<String>, expect: &str, comment: &str) -> Self {
        let head = vec![("expect".into(), expect.into()), ("comment".into(), comment.into())];
        Self { path: path.into(), head, body: Vec::new() }
    }

    /// Adds a line to the head.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.head.push((name.into(), value.into()));
        self
    }

    /// Puts a line in place of all of that name.
    pub(crate) fn set(self, name: &str, value: impl Into<String>) -> Self {
        self.without(name).with(name, value)
    }

    /// Takes out all lines of that name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.head.retain(|(known, _)| known != name);
        self
    }

    /// What the reader gets.
    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let line = |(name, value): &(String, String)| format!("{name}: {value}").trim_end().to_owned() + "\n";
        let head: String = self.head.iter().map(line).collect();
        [head.as_bytes(), b"\n", &self.body].concat()
    }
}

/// Every file below `tests/vectors/` that is made here, by its path.
pub(crate) fn all() -> BTreeMap<String, Vec<u8>> {
    let rooms = [
        armor::vectors(),
        damaged::vectors(),
        signature::vectors(),
        payload::vectors(),
        toml::vectors(),
        periods::vectors(),
        host::vectors(),
        class::vectors(),
        request::vectors(),
        receipt::vectors(),
        reset::vectors(),
        key::vectors(),
        code::vectors(),
        mac::vectors(),
        grant::vectors(),
        list::vectors(),
        fleet::vectors(),
        mark::vectors(),
        clock_grace::vectors(),
        drift::vectors(),
        advisory::vectors(),
        marks::vectors(),
        order::vectors(),
        several::vectors(),
    ];
    let mut files: BTreeMap<String, Vec<u8>> = cast::public_keys().into_iter().collect();
    for vector in rooms.into_iter().flatten() {
        let known = files.insert(vector.path.clone(), vector.bytes());
        assert!(known.is_none(), "two vectors are called {}", vector.path);
    }
    files
}
