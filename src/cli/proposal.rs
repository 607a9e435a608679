//! The common flow of a verb that signs or books: show the proposal, stop here on a dry run, else ask.

use anyhow::Result;
use serde_json::Value;

use airlatch_core::crypto::PrivateKey;
use airlatch_desk::office::{DeskHome, LockedKey};

use super::args::KeyArgs;
use super::session::Session;
use super::target::{Document, Target};
use super::{Outcome, hint, keys};

/// The options --yes and --dry-run.
#[derive(Clone, Copy)]
pub(super) struct Consent {
    /// Answers the question beforehand.
    pub(super) yes: bool,
    /// Only shows the proposal.
    pub(super) dry_run: bool,
}

/// The message after a no, for verbs without a message of their own.
pub(super) const UNCHANGED: &str = "nothing was changed";

/// What will be signed or booked, as it is shown before the question.
pub(super) struct Proposal {
    /// The lines to show.
    pub(super) lines: Vec<String>,
    /// Notes, printed to stderr.
    pub(super) notes: Vec<String>,
    /// The question; `None` asks nothing.
    pub(super) question: Option<String>,
    /// The message after a no.
    pub(super) declined: &'static str,
    /// The message after a dry run.
    pub(super) dry_run_message: &'static str,
    /// The JSON object of a dry run, and its type.
    pub(super) dry_run_json: (&'static str, Value),
}

impl Proposal {
    /// Shows the proposal and asks; returns false after a dry run. If the document goes to standard output, the lines go to
    /// stderr, and only if there is a question.
    ///
    /// # Errors
    /// `declined` after a no; `no-terminal` if a question has to be asked without one.
    pub(super) fn confirmed(
        self,
        consent: Consent,
        target: Option<&Target>,
        session: &mut Session,
    ) -> Result<bool> {
        let to_stdout = target.is_some_and(Target::is_stream);
        for line in &self.lines {
            match (to_stdout, consent.yes || consent.dry_run || session.screen.is_json()) {
                (false, _) => session.screen.line(line),
                (true, false) => session.screen.talk(line),
                (true, true) => {}
            }
        }
        for note in &self.notes {
            let note = hint::fill(note, &session.known);
            session.screen.talk(&format!("note: {note}"));
        }
        if consent.dry_run {
            session.screen.line(self.dry_run_message);
            session.screen.json(self.dry_run_json.0, self.dry_run_json.1);
            return Ok(false);
        }
        if let Some(question) = self.question {
            session.confirm(&question, consent.yes, self.declined)?;
        }
        Ok(true)
    }
}

/// The key that signs a document, and where the document goes.
pub(super) struct Signing<'a> {
    /// The key file, read before any question.
    pub(super) key: LockedKey,
    /// How to open the key.
    pub(super) opening: &'a KeyArgs,
    /// The desk that must trust the key, if the license is charged to its ledger.
    pub(super) desk: Option<&'a DeskHome>,
    /// Where the document goes.
    pub(super) target: &'a Target,
}

impl Signing<'_> {
    /// Shows the proposal and asks; then opens the key, signs the document with `make`, and writes it.
    ///
    /// # Errors
    /// Those of each step.
    pub(super) fn sign(
        self,
        proposal: Proposal,
        consent: Consent,
        session: &mut Session,
        make: impl FnOnce(&PrivateKey, &mut Session) -> Result<Document>,
    ) -> Result<Outcome> {
        if !proposal.confirmed(consent, Some(self.target), session)? {
            return Ok(Outcome::Done);
        }
        let key = keys::open(session, self.key, self.opening)?;
        if let Some(desk) = self.desk {
            desk.refuse_foreign(&key)?;
        }
        let document = make(&key, session)?;
        self.target.write(document, session)?;
        Ok(Outcome::Done)
    }
}
