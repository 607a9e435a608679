//! The support bundle: the facts that may leave the site, as plain text that a person reads before sending it.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::hint::Known;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, output};
use crate::view::{Bundle, Document, Source, View as _};
use airlatch_core::crypto::PublicKey;
use airlatch_core::format;
use airlatch_core::model::{Error, Reason};
use airlatch_machine::here::doctor::{Examination, Finding};
use airlatch_machine::here::{Bytes, Home};
use airlatch_machine::platform::Homes;

use super::args::Doctor;
use super::findings::{File, all_findings};
use super::{names, next_step};

/// The head of the bundle, for the person who sends it.
const HEAD: &str = "
Read this before you send it. It is plain text: delete what you do not want to send.

In it:      the result of every check, its reason and the next steps; the ids of the installed licenses, by which the
            vendor finds customer and order, and what the verified licenses allow; ids of keys, installation, site,
            hardware and documents; recent events; the program, its hash, the operating system and the numeric
            user id.
Not in it:  any text that was typed or read from a file: private keys, passphrases, authorization codes;
            serial numbers, MAC addresses, machine ids; paths and file names.
";

/// Writes the bundle.
pub(super) fn run(
    args: &Doctor,
    out: &Path,
    host: &Examination,
    files: &[File],
    session: &mut Session,
) -> Result<Outcome> {
    for file in args.files.iter().filter(|file| !input::is_stream(file) && !input::is_stream(out)) {
        if session.files.same_file(file, out) {
            let error = Error::new(Reason::SameFile, "the bundle would replace a file to examine");
            return Err(error.at(out.display()).into());
        }
    }
    // A product name may come from an unverified document.
    let findings = all_findings(host, files).into_iter().map(|finding| Finding { product: None, ..finding });
    let source = Source {
        host,
        machine: &(session.machine)(),
        files: files.iter().map(|(_, findings)| findings.as_slice()).collect(),
        documents: documents(session),
        steps: next_step::steps(&findings.collect::<Vec<_>>(), &Known::nothing()),
        names: args.with_names.then(|| names::of(session)),
        now: session.now,
    };
    let bundle = Bundle::of(&source);
    let text = text(&bundle, args.with_names, session);
    if input::is_stream(out) {
        output::document(session, "doctor", &text, json!(bundle))?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, args.force)?;
    session.screen.line(&format!("bundle written to {}; read it before you send it", input::name(out)));
    session.screen.json("doctor", json!({ "file": input::name(out) }));
    Ok(Outcome::Done)
}

fn text(bundle: &Bundle<'_>, with_names: bool, session: &Session) -> String {
    let first =
        format!("airlatch support bundle, made {} by airlatch {}", session.now, env!("CARGO_PKG_VERSION"));
    let names = match with_names {
        true => "            Host name and user name are included, as --with-names asked.",
        false => "            Host name and user name are not in it either.",
    };
    let mut lines: Vec<String> =
        [first.as_str()].into_iter().chain(HEAD.lines()).map(str::to_owned).collect();
    lines.push(names.into());
    lines.extend(bundle.lines(session.now));
    lines.push("== end ==".into());
    lines.iter().map(|line| format::visible(line) + "\n").collect()
}

/// The id and signer of each installed license file that holds a document, verified or not.
fn documents(session: &Session) -> Vec<Option<Document>> {
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let home = homes.host().and_then(|path| Home::new(&path, &session.files));
    let document = |(_, bytes): Bytes| {
        let (sealed, _) = format::open_one(&bytes.ok()?).ok()?;
        let signer = PublicKey::from_bytes(sealed.named_signer()).ok();
        Some((sealed.document_id(), signer.map(|key| key.key_id())))
    };
    home.and_then(|home| home.licenses()).unwrap_or_default().into_iter().map(document).collect()
}
