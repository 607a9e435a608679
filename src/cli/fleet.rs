//! Fleet files on the command line: finds the lines of a device by its MAC and treats each as a license file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use airlatch_core::format::{self, limits};
use airlatch_core::model::{self, Cause, Error, HostFacts, Kind, Reason};
use airlatch_machine::platform::OpenFile;

use super::input;
use super::session::Session;
use super::wrong_file;
use airlatch_machine::here::Bytes;

/// An open fleet file.
pub(super) struct Fleet {
    file: OpenFile,
    path: PathBuf,
}

impl Fleet {
    /// Opens the file if it is a fleet file. Any other file and any error gives `None`: the reader of documents reports them.
    pub(super) fn open(session: &Session, path: &Path) -> Option<Self> {
        if input::is_stream(path) {
            return None;
        }
        Self::of(session.files.open(path).ok()?, path).ok()
    }

    /// Takes an open file if it is a fleet file, else returns it.
    fn of(mut file: OpenFile, path: &Path) -> std::result::Result<Self, OpenFile> {
        match file.read_at(0, 32) {
            Ok(beginning) if format::is_fleet(&beginning) => Ok(Self { file, path: path.to_owned() }),
            _ => Err(file),
        }
    }

    /// The licenses for the MAC addresses of the host, each as the text of a license file.
    ///
    /// # Errors
    /// `wrong-host` if there is none.
    pub(super) fn licenses(&mut self, facts: &HostFacts) -> model::Result<Vec<Vec<u8>>> {
        let place = |error: Error| error.at(input::place(&self.path));
        let (mut found, mut macs, size) = (Vec::new(), Vec::new(), self.file.size());
        for mac in facts.components.macs() {
            let mut read = |offset, length| self.file.read_at(offset, length);
            let own = format::find_in_fleet(size, mac, &mut read).map_err(place)?;
            found.extend(
                own.iter().map(|sealed| format::armor(Kind::License, sealed.bytes(), &[]).into_bytes()),
            );
            macs.push(mac.to_string());
        }
        if !found.is_empty() {
            return Ok(found);
        }
        let what = match macs.as_slice() {
            [] => "this host has no network card with a MAC address to look up in this fleet file".to_owned(),
            macs => format!("this fleet file holds no license for {}", macs.join(" or ")),
        };
        Err(place(Error::new(Reason::WrongHost, what).at("lock.mac").because(Cause::NotInFleet)))
    }

    /// Installs each license for this host with `one`, which returns its JSON; licenses that are refused are reported as notes.
    pub(super) fn install(
        mut self,
        facts: &HostFacts,
        session: &mut Session,
        one: impl Fn(&[u8], &mut Session) -> Result<Value>,
    ) -> Result<Value> {
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for bytes in self.licenses(facts)? {
            match one(&bytes, session) {
                Ok(value) => kept.push(value),
                Err(error) => refused.push(as_refusal(error)?),
            }
        }
        let Some(mut value) = kept.last().cloned() else {
            let first = refused.into_iter().next();
            let none = || Error::new(Reason::NotActivated, "no license was installed");
            return Err(first.unwrap_or_else(none).into());
        };
        refused.iter().for_each(|error| session.screen.talk(&format!("note: not installed: {error}")));
        value["licenses"] = json!(kept);
        Ok(value)
    }
}

/// The documents in a file: of a fleet file the licenses for this host, else the one document.
pub(super) fn documents(session: &mut Session, path: &Path, facts: &HostFacts) -> Vec<Bytes> {
    let named = |bytes| (path.to_owned(), bytes);
    if input::is_stream(path) {
        return vec![named(input::document(session, path))];
    }
    match input::open_file(session, path).map(|file| Fleet::of(file, path)) {
        Err(error) => vec![named(Err(error))],
        Ok(Err(file)) => {
            let bytes = file.read_all(limits::DOCUMENT_FILE);
            bytes.iter().for_each(|bytes| input::warn_of_key(session, path, bytes));
            let other = bytes.as_ref().ok().and_then(|bytes| wrong_file::not_a_document(bytes));
            vec![named(other.map_or(bytes, |error| Err(error.at(input::place(path)))))]
        }
        Ok(Ok(mut fleet)) => match fleet.licenses(facts) {
            Err(error) => vec![named(Err(error))],
            Ok(all) => all.into_iter().map(|bytes| named(Ok(bytes))).collect(),
        },
    }
}

/// The error of a refused license; an error that would stop every license is returned as `Err`.
fn as_refusal(error: anyhow::Error) -> Result<Error> {
    let error: Error = error.downcast()?;
    if error.reason().exit_status() == model::ExitStatus::No { Ok(error) } else { Err(error.into()) }
}
