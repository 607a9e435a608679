//! `release`: a host gives a license back, and signs that it uses it no more.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, host_home, host_log, input, output};
use crate::view::{self, Receipt};
use airlatch_core::crypto::{self, PrivateKey};
use airlatch_core::format;
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{self, DocumentId, Error, Kind, Lock, Reason};
use airlatch_machine::here::HostCheck;

/// Give a license back: it stops here, and the receipt brings its seats back at the desk
///
/// The host remembers that it gave the license back, and signs a receipt with its own key. Carry it to the desk, which
/// books the seats back once. Lost receipts are no loss: the same command writes the same receipt again.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch release --out stick/host.receipt
  airlatch release --product call-services --note 'site closed' --out stick/host.receipt
  airlatch issue stick/host.receipt                      at the desk")]
pub(in crate::cli) struct Release {
    /// The license to give back, by its id [default: the one that is installed]
    #[arg(value_name = "LICENSE")]
    license: Option<String>,

    /// The product whose license is given back
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// A word to the desk
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Where to write; `-` is stdout [default: PRODUCT.receipt]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the output if it is there
    #[arg(long)]
    force: bool,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// Say what would be given back, and do nothing
    #[arg(long, conflicts_with_all = ["out", "force", "yes"])]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Release, session: &mut Session) -> Result<Outcome> {
    format::check_text("--note", args.note.as_deref(), format::limits::NOTE_FIELD)?;
    let id = args.license.as_ref().map(|id| id.parse::<DocumentId>()).transpose()?;
    let home = host_home::of(session)?;
    home.refuse_lost_key()?;
    let (host, checked) = host_home::check(session, &home)?;
    let judged = wanted(&checked, id, args.product.as_deref())?;
    let license = judged.license.get();
    let planned = host.plan_release(judged, args.note.clone(), session.now)?;
    let again = host.was_released(&planned);
    if again {
        let made = planned.made;
        session
            .screen
            .talk(&format!("note: it was given back on {made} already: this is that receipt once more"));
    }
    session.screen.line("license to give back");
    session.screen.each([&view::License::of(license)], session.now);
    if args.dry_run {
        session.screen.talk("note: nothing was given back, this was a dry run");
        session.screen.json("release", Receipt::of(&planned, None, None));
        return Ok(Outcome::Done);
    }
    let key = host_home::key(session, &home)?;
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.receipt", license.product)));
    refuse_unwritable(&out, args.force, &sealed(&planned, &key)?.1, session)?;
    session.confirm("It will not work here any more. Give it back?", args.yes, "nothing was given back")?;
    // First it is remembered: a receipt for a license that still works would double its seats.
    let (receipt, signed) =
        host.release(judged, &key, args.note.clone(), session.now, &mut *session.entropy)?;
    if !again {
        host_log::released(&home, session.now, &receipt);
    }
    let (id, text) = (signed.document_id().to_string(), format::receipt_text(&receipt, &signed));
    let written = write(&out, args.force, &text, Receipt::of(&receipt, Some(&id), None), session);
    written.map_err(told)?;
    if !input::is_stream(&out) {
        session.screen.line(&format!("receipt {id} written to {}; carry it to the desk", out.display()));
        session.screen.json("release", Receipt::of(&receipt, Some(&id), Some(&input::name(&out))));
    }
    Ok(Outcome::Done)
}

/// With what is done all the same.
fn told(error: anyhow::Error) -> anyhow::Error {
    let given_back = "given back it is; the same command writes the receipt, where it can be written";
    match error.downcast::<Error>() {
        Ok(error) => error.detail(given_back).into(),
        Err(other) => other,
    }
}

fn write(out: &Path, force: bool, text: &str, value: Receipt<'_>, session: &mut Session) -> Result<()> {
    if input::is_stream(out) {
        output::document(session, "release", text, json!(value))?;
    } else {
        output::file(session, out, text, force)?;
    }
    Ok(())
}

/// The id and the text of a receipt.
fn sealed(receipt: &model::Receipt, key: &PrivateKey) -> Result<(String, String)> {
    let sealed = crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(receipt)?, key);
    Ok((sealed.document_id().to_string(), format::receipt_text(receipt, &sealed)))
}

/// Refuses what can't be written, before the license stops working.
fn refuse_unwritable(out: &Path, force: bool, text: &str, session: &Session) -> Result<()> {
    if input::is_stream(out) {
        return Ok(output::refuse_lost()?);
    }
    output::refuse_missing_folder(session, out)?;
    if !session.files.exists(out) {
        return Ok(());
    }
    let there = session.files.read(out, format::limits::DOCUMENT_FILE);
    match there {
        Ok(there) if there == text.as_bytes() => Ok(()),
        Err(error) if error.reason() == Reason::NotAFile => Err(error.into()),
        _ if force => Ok(output::refuse_precious(session, out)?),
        _ => {
            let what = "another file is there already; nothing was given back";
            Err(Error::new(Reason::Exists, what).at(out.display()).into())
        }
    }
}

/// The license that was named; without a name the only one there is, of which later ones count.
fn wanted<'a>(
    checked: &'a HostCheck,
    id: Option<DocumentId>,
    product: Option<&str>,
) -> Result<&'a JudgedLicense> {
    let named = |judged: &&JudgedLicense| {
        id.is_none_or(|id| id == judged.license.document_id())
            && product.is_none_or(|product| product == judged.license.get().product)
    };
    let counts = |judged: &&JudgedLicense| {
        let is_starter = matches!(judged.license.get().lock, Lock::Starter(_));
        id.is_some() || !host::is_superseded(judged) && !is_starter
    };
    let mut found: Vec<&JudgedLicense> = checked.judged().filter(named).filter(counts).collect();
    // A copy under another name is the same license.
    found.sort_by_key(|judged| judged.license.document_id());
    found.dedup_by_key(|judged| judged.license.document_id());
    match found.as_slice() {
        [one] => {
            // Its seats are the later one's: the desk would not take the receipt.
            if let Some(error) = host::superseded_error(one) {
                return Err(error.clone().into());
            }
            if id.is_none() {
                refuse_unread(checked)?;
            }
            Ok(one)
        }
        [] => {
            refuse_unread(checked)?;
            let error =
                Error::new(Reason::NotActivated, "no such license is installed, so none can be given back");
            Err(list(error, checked.judged()).into())
        }
        several => {
            let error = Error::new(
                Reason::Usage,
                "several licenses are installed: name the one to give back by its id",
            );
            Err(list(error, several.iter().copied()).into())
        }
    }
}

/// What can't be read may be the later license of the product.
fn refuse_unread(checked: &HostCheck) -> Result<()> {
    checked.first_error().map_or(Ok(()), |error| {
        let more = "it may be the license to give back: install that one again, or name the one to give back by its id";
        Err(error.clone().detail(more).into())
    })
}

fn list<'a>(error: Error, judged: impl Iterator<Item = &'a JudgedLicense>) -> Error {
    judged.fold(error, |error, judged| {
        error.detail(format!("installed  {}, {}", judged.license.document_id(), judged.license.get().title()))
    })
}
