//! Documents that leave the program: to a file, or to stdout when somebody reads it.

use serde_json::json;

use crate::model::{Reason, Result, Trouble};
use crate::platform;

use super::session::Session;

/// Prints a document to stdout; a document may not get lost in a closed one.
pub(super) fn to_stdout(session: &mut Session, kind: &str, text: &str) -> Result<()> {
    if platform::stdout_is_lost() {
        let trouble =
            Trouble::new(Reason::OutputClosed, "standard output is closed, the document would be lost");
        return Err(trouble.at("standard output"));
    }
    if session.screen.is_json() {
        session.screen.json(kind, json!({ "text": text }));
    } else {
        session.screen.raw(text);
    }
    Ok(())
}
