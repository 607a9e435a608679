//! `release`: ends a license on this host, and signs a receipt for the desk.

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
use airlatch_machine::here::{self, HostCheck};

/// Release a license: it stops working here, and the desk gets its seats back
///
/// The host records the release and signs a receipt with its own key. Carry the receipt to the desk, which books the seats
/// back once. If the receipt is lost, the same command reprints it.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch release --out stick/host.receipt
  airlatch release --product call-services --note 'site closed'
  airlatch issue stick/host.receipt          at the desk")]
pub(in crate::cli) struct Release {
    /// Id of the license to release [default: the only one installed]
    #[arg(value_name = "LICENSE")]
    license: Option<String>,

    /// Product of the license to release
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// Note to the desk
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Output file; `-` is stdout [default: PRODUCT.receipt]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the output file if it exists
    #[arg(long)]
    force: bool,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// Show the license that would be released; change nothing
    #[arg(long, conflicts_with_all = ["out", "force", "yes"])]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Release, session: &mut Session) -> Result<Outcome> {
    format::check_text("--note", args.note.as_deref(), format::limits::NOTE_FIELD)?;
    let id = args.license.as_ref().map(|id| id.parse::<DocumentId>()).transpose()?;
    let home = host_home::locate(session)?;
    home.refuse_lost_key()?;
    let (host, checked) = host_home::check(session, &home)?;
    if checked.answers.is_empty() {
        return Err(here::none_installed(&home, &session.root).into());
    }
    let judged = select_license(&checked, id, args.product.as_deref())?;
    let license = judged.license.get();
    let planned = host.plan_release(judged, args.note.clone(), session.now)?;
    let is_released = host.was_released(&planned);
    if is_released {
        let made = view::when::at(planned.made, session.now);
        session.screen.talk(&format!("note: released already, {made}: the receipt is the same"));
    }
    session.screen.line("license to release");
    session.screen.each([&view::License::of(license)], session.now);
    if args.dry_run {
        session.screen.talk("note: dry run: nothing was released");
        session.screen.json("release", Receipt::of(&planned, None, None));
        return Ok(Outcome::Done);
    }
    let key = host_home::key(session, &home)?;
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.receipt", license.product)));
    refuse_unwritable(&out, args.force, &sealed(&planned, &key)?.1, session)?;
    let (question, declined) = match is_released {
        true => ("Already released; write the receipt again?", "nothing was written"),
        false => ("It will stop working on this host. Release it?", "nothing was released"),
    };
    session.confirm(question, args.yes, declined)?;
    // Record the release first: a receipt for a license that still works would double its seats.
    let (receipt, signed) =
        host.release(judged, &key, args.note.clone(), session.now, &mut *session.entropy)?;
    if !is_released {
        host_log::released(&home, session.now, &receipt);
    }
    let (id, text) = (signed.document_id().to_string(), format::receipt_text(&receipt, &signed));
    let written = write(&out, args.force, &text, Receipt::of(&receipt, Some(&id), None), session);
    written.map_err(with_release_detail)?;
    if !input::is_stream(&out) {
        session.screen.line(&format!("receipt {id} written to {}; carry it to the desk", out.display()));
        session.screen.json("release", Receipt::of(&receipt, Some(&id), Some(&input::name(&out))));
    }
    Ok(Outcome::Done)
}

/// Adds to an error of writing the receipt that the license is released.
fn with_release_detail(error: anyhow::Error) -> anyhow::Error {
    let released = "the license is released; run the same command again to write the receipt elsewhere";
    match error.downcast::<Error>() {
        Ok(error) => error.detail(released).into(),
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

/// Refuses an output that can't be written, before the license stops working.
fn refuse_unwritable(out: &Path, force: bool, text: &str, session: &Session) -> Result<()> {
    if input::is_stream(out) {
        return Ok(output::refuse_closed_stdout()?);
    }
    output::refuse_missing_folder(session, out)?;
    if !session.files.exists(out) {
        return Ok(());
    }
    let existing = session.files.read(out, format::limits::DOCUMENT_FILE);
    match existing {
        Ok(existing) if existing == text.as_bytes() => Ok(()),
        Err(error) if error.reason() == Reason::NotAFile => Err(error.into()),
        _ if force => Ok(output::refuse_irreplaceable(session, out)?),
        _ => {
            let what = "the file exists with other content; nothing was released";
            Err(Error::new(Reason::Exists, what).at(out.display()).into())
        }
    }
}

/// Selects the license to release: the one named, else the only one installed that no later license supersedes.
fn select_license<'a>(
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
    // A second copy of the file is the same license.
    found.sort_by_key(|judged| judged.license.document_id());
    found.dedup_by_key(|judged| judged.license.document_id());
    match found.as_slice() {
        [one] => {
            // Its seats belong to the later license: the desk would refuse the receipt.
            if let Some(error) = host::superseded_error(one) {
                return Err(error.clone().into());
            }
            if id.is_none() {
                refuse_unreadable(checked)?;
            }
            Ok(one)
        }
        [] => {
            refuse_unreadable(checked)?;
            let error =
                Error::new(Reason::NotActivated, "no such license is installed, so there is none to release");
            Err(list(error, checked.judged()).into())
        }
        several => {
            let error = Error::new(
                Reason::Usage,
                "several licenses are installed: name the id of the one to release",
            );
            Err(list(error, several.iter().copied()).into())
        }
    }
}

/// Refuses if an installed file can't be read: it may be the later license of the product.
fn refuse_unreadable(checked: &HostCheck) -> Result<()> {
    checked.first_error().map_or(Ok(()), |error| {
        let more =
            "it may be the license to release: install it again, or name the id of the license to release";
        Err(error.clone().detail(more).into())
    })
}

fn list<'a>(error: Error, judged: impl Iterator<Item = &'a JudgedLicense>) -> Error {
    judged.fold(error, |error, judged| {
        error.detail(format!("installed  {}, {}", judged.license.document_id(), judged.license.get().title()))
    })
}
