//! A vector as it lies in its file: a head of `name: value` lines up to the first empty line, then the body, byte for byte.

use std::collections::BTreeMap;
use std::path::PathBuf;

use airlatch_core::model::Reason;

/// The head and body of one vector; every line of the head has to be taken.
pub(crate) struct Vector {
    head: Vec<(String, String)>,
    /// What the reader gets.
    pub(crate) body: Vec<u8>,
}

impl Vector {
    /// Takes a file apart.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let end = bytes.windows(2).position(|two| two == b"\n\n").ok_or("no empty line ends the head")?;
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| "the head is not UTF-8")?;
        let line = |line: &str| {
            let (name, value) = line.split_once(':').ok_or(format!("`{line}` is no `name: value`"))?;
            Ok((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()))
        };
        let head = head.split('\n').map(line).collect::<Result<_, String>>()?;
        Ok(Self { head, body: bytes[end + 2..].to_vec() })
    }

    /// Takes the one line of this name, if it is there.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.head.iter().position(|(known, _)| known == name)?;
        Some(self.head.remove(at).1)
    }

    /// Takes all lines of this name.
    pub(crate) fn take_all(&mut self, name: &str) -> Vec<String> {
        std::iter::from_fn(|| self.take(name)).collect()
    }

    /// Takes a line that has to be there.
    pub(crate) fn must(&mut self, name: &str) -> Result<String, String> {
        self.take(name).ok_or(format!("the head has no `{name}`"))
    }

    /// The body as text, without the line end at its end.
    pub(crate) fn line(&self) -> Result<String, String> {
        let text = std::str::from_utf8(&self.body).map_err(|_| "the body is not UTF-8")?;
        Ok(text.strip_suffix('\n').unwrap_or(text).to_owned())
    }

    /// Refuses lines that nobody took.
    pub(crate) fn finish(&self) -> Result<(), String> {
        match self.head.first() {
            None => Ok(()),
            Some((name, _)) => Err(format!("the head has a line `{name}` that is not understood here")),
        }
    }
}

/// The reasons an `expect` line names; none for `valid`.
pub(crate) fn expected(words: &str) -> Result<Vec<Reason>, String> {
    let reason = |word: &str| {
        Reason::ALL
            .iter()
            .copied()
            .find(|reason| reason.word() == word)
            .ok_or(format!("`{word}` is no reason"))
    };
    if words == "valid" { Ok(Vec::new()) } else { words.split(' ').map(reason).collect() }
}

pub(crate) fn folder() -> PathBuf {
    super::place::repository().join("tests/vectors")
}

/// Every vector and key on disk by its path below the folder; the README is none.
pub(crate) fn on_disk() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for reader in std::fs::read_dir(folder()).unwrap().map(Result::unwrap) {
        if !reader.file_type().unwrap().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(reader.path()).unwrap().map(Result::unwrap) {
            let name = |entry: &std::fs::DirEntry| entry.file_name().into_string().unwrap();
            let bytes = std::fs::read(file.path()).unwrap();
            files.insert(format!("{}/{}", name(&reader), name(&file)), bytes);
        }
    }
    files
}

/// The public keys that a head can name.
pub(crate) fn keys(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let name = |path: &str| Some(path.strip_prefix("keys/")?.strip_suffix(".pub")?.to_owned());
    let key =
        |(path, bytes): (&String, &Vec<u8>)| Some((name(path)?, String::from_utf8(bytes.clone()).unwrap()));
    files.iter().filter_map(key).collect()
}
