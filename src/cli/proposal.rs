//! The one flow of everything that is signed or booked after a question: shown, tried only, or asked for.

use anyhow::Result;
use serde_json::Value;

use airlatch_core::crypto::PrivateKey;
use airlatch_desk::office::{DeskHome, LockedKey};

use super::args::KeyArgs;
use super::session::Session;
use super::target::{Document, Target};
use super::{Outcome, keys};

/// Whether to ask, or only to show.
#[derive(Clone, Copy)]
pub(super) struct Consent {
    /// It was answered beforehand.
    pub(super) yes: bool,
    /// It is only shown.
    pub(super) dry_run: bool,
}

/// What a no leaves behind, where no more is to be said of it.
pub(super) const UNCHANGED: &str = "nothing was changed";

/// What is about to be done, as it is shown before anybody is asked.
pub(super) struct Proposal {
    /// What will be done, a line each.
    pub(super) lines: Vec<String>,
    /// What has to be known beside it.
    pub(super) notes: Vec<String>,
    /// What is asked; nothing is asked where there is none.
    pub(super) question: Option<String>,
    /// What a no leaves behind.
    pub(super) declined: &'static str,
    /// What a dry run leaves behind.
    pub(super) dry_run_says: &'static str,
    /// What a dry run gives to programs, by its type.
    pub(super) dry_run_json: (&'static str, Value),
}

impl Proposal {
    /// Shows it, and says whether it is to be done: a dry run ends here. Where the result goes to standard output, what is
    /// shown stands beside it, and only if it is asked about.
    ///
    /// # Errors
    /// `declined` after a no; `no-terminal` where nobody can be asked.
    pub(super) fn agreed(
        self,
        consent: Consent,
        target: Option<&Target>,
        session: &mut Session,
    ) -> Result<bool> {
        let streams = target.is_some_and(Target::is_stream);
        for line in &self.lines {
            match (streams, consent.yes || consent.dry_run || session.screen.is_json()) {
                (false, _) => session.screen.line(line),
                (true, false) => session.screen.talk(line),
                (true, true) => {}
            }
        }
        self.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
        if consent.dry_run {
            session.screen.line(self.dry_run_says);
            session.screen.json(self.dry_run_json.0, self.dry_run_json.1);
            return Ok(false);
        }
        if let Some(question) = self.question {
            session.confirm(&question, consent.yes, self.declined)?;
        }
        Ok(true)
    }
}

/// What signs a document, and where that goes.
pub(super) struct Signing<'a> {
    /// The key, read before anybody is asked anything.
    pub(super) key: LockedKey,
    /// How it is opened.
    pub(super) opening: &'a KeyArgs,
    /// The desk that has to know the key, where there is one.
    pub(super) desk: Option<&'a DeskHome>,
    /// Where the document goes.
    pub(super) target: &'a Target,
}

impl Signing<'_> {
    /// Shows the proposal and asks; then opens the key, has the document made by it, and writes it.
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
        if !proposal.agreed(consent, Some(self.target), session)? {
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
