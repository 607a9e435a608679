//! Texts that go to stdout exactly as they are: documents, which may not get lost there, and pages.

use serde_json::json;

use crate::model::{Reason, Result, Trouble};
use crate::platform;

use super::session::Session;

/// Prints a document to stdout; a document may not get lost in a closed one.
pub(super) fn document(session: &mut Session, kind: &str, text: &str) -> Result<()> {
    let lost = || {
        let what = "nobody reads standard output, the document would be lost";
        Trouble::new(Reason::OutputClosed, what).at("standard output")
    };
    if platform::stdout_is_lost() {
        return Err(lost());
    }
    page(session, kind, text);
    if session.screen.is_cut_off() { Err(lost()) } else { Ok(()) }
}

/// Prints what can be printed again at any time.
pub(super) fn page(session: &mut Session, kind: &str, text: &str) {
    if session.screen.is_json() {
        session.screen.json(kind, json!({ "text": text }));
    } else {
        session.screen.raw(text);
    }
}
