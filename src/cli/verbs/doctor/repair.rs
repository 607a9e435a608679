//! `doctor --repair`: writes the same signed bytes as a clean file, or nothing if a signature does not fit.

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
        return Err(Error::new(Reason::Usage, "--repair takes exactly one file").into());
    };
    if !input::is_stream(file) && !input::is_stream(out) && session.files.same_file(file, out) {
        let error = Error::new(Reason::SameFile, "the clean copy would replace the damaged file");
        return Err(error.at(out.display()).into());
    }
    let bytes = input::document(session, file)?;
    let place = |error: Error| error.at(input::place(file));
    let (text, kind, id, repairs) = clean(&bytes).map_err(place)?;
    let value = json!({
        "file": input::name(out),
        "is": kind.word(),
        "id": id,
        "repairs": view::Repair::all(&repairs),
    });
    input::say_repairs(session, file, &repairs);
    if repairs.is_empty() {
        session.screen.talk("note: the file needed no repair; the readable lines of the copy are rewritten from the signed content");
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

/// The text of a clean file, if the signature of every block fits.
fn clean(bytes: &[u8]) -> Tried<(String, Kind, String, Vec<Repair>)> {
    let opened = format::open(bytes)?;
    let mut blocks = Vec::new();
    for block in opened.blocks {
        let sealed = Sealed::from_parts(block.kind, block.sealed)?;
        // Whether the signer is trusted does not matter: the copy is worth what the original was.
        if let Provenance::Broken(error) = check_provenance(&sealed, &TrustedSet::default()) {
            return Err(error.detail("nothing was written: the content does not fit its signature"));
        }
        blocks.push(sealed);
    }
    let none = || Error::new(Reason::NoDocument, "there is no document in this file");
    let main = blocks.first().ok_or_else(none)?;
    let text: String = blocks.iter().map(rearmor).collect::<Vec<_>>().join("\n");
    Ok((text, main.kind(), main.document_id().to_string(), opened.repairs))
}

/// One block in armor, with its readable lines above it.
fn rearmor(sealed: &Sealed) -> String {
    let lines = match sealed.kind() {
        Kind::License => format::read_unverified_license(sealed).map(|license| format::summary(&license)),
        Kind::Request => {
            format::read_unverified_request(sealed).map(|request| format::summary_of_request(&request))
        }
        _ => Ok(Vec::new()),
    };
    format::armor(sealed.kind(), sealed.bytes(), &lines.unwrap_or_default())
}
