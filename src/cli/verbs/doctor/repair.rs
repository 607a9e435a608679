//! A clean copy of a damaged document: the same signed bytes in a fresh file, or none at all.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, input, output};
use crate::view;
use airlatch_core::crypto::{Sealed, TrustedSet};
use airlatch_core::format::{self, Repair};
use airlatch_core::model::{Error, Kind, Reason, Result as Tried};
use airlatch_machine::here::{doctor::Provenance, doctor::check_provenance};

/// Writes the clean copy.
pub(super) fn run(files: &[PathBuf], out: &Path, force: bool, session: &mut Session) -> Result<Outcome> {
    let [file] = files else {
        return Err(Error::new(Reason::Usage, "a clean copy is made of one file").into());
    };
    if !input::is_stream(file) && !input::is_stream(out) && session.files.same_file(file, out) {
        let error = Error::new(Reason::SameFile, "a clean copy is never written over the file it is made of");
        return Err(error.at(out.display()).into());
    }
    let bytes = input::document(session, file)?;
    let place = |error: Error| error.at(input::name(file));
    let (text, kind, id, repairs) = clean(&bytes).map_err(place)?;
    let value = json!({
        "file": input::name(out),
        "is": kind.word(),
        "id": id,
        "repairs": view::Repair::all(&repairs),
    });
    input::say_repairs(session, file, &repairs);
    if repairs.is_empty() {
        session.screen.talk("note: nothing had happened to its form; the readable lines of the copy are made anew of what is signed");
    }
    if input::is_stream(out) {
        output::document(session, "doctor", &text, value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, force)?;
    session.screen.line(&format!("clean copy of the {} {id} written to {}", kind.word(), input::name(out)));
    session.screen.json("doctor", value);
    Ok(Outcome::Done)
}

/// The text of a clean file, if every block in it is whole under its own signature.
fn clean(bytes: &[u8]) -> Tried<(String, Kind, String, Vec<Repair>)> {
    let opened = format::open(bytes)?;
    let mut blocks = Vec::new();
    for block in opened.blocks {
        let sealed = Sealed::from_parts(block.kind, block.sealed)?;
        // Whoever signed it: the copy is worth exactly what the original was.
        if let Provenance::Broken(error) = check_provenance(&sealed, &TrustedSet::default()) {
            return Err(error.detail("nothing was written: what is in it can't be proven whole"));
        }
        blocks.push(sealed);
    }
    let none = || Error::new(Reason::NoDocument, "there is no document in this file");
    let main = blocks.first().ok_or_else(none)?;
    let text: String = blocks.iter().map(one).collect::<Vec<_>>().join("\n");
    Ok((text, main.kind(), main.document_id().to_string(), opened.repairs))
}

/// One block as it was written first, with the lines for people above it.
fn one(sealed: &Sealed) -> String {
    let lines = match sealed.kind() {
        Kind::License => format::read_unverified_license(sealed).map(|license| format::summary(&license)),
        Kind::Request => {
            format::read_unverified_request(sealed).map(|request| format::summary_of_request(&request))
        }
        _ => Ok(Vec::new()),
    };
    format::armor(sealed.kind(), sealed.bytes(), &lines.unwrap_or_default())
}
