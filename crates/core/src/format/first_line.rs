//! The first line of the text above a block, by which such a text is recognized where the block is missing.

use crate::model::Kind;

/// Behind the name of the document.
pub(super) const FOR_PEOPLE: &str = ". These lines are for people; only the block";

/// The line for a document of this kind.
pub(super) fn first_line(kind: Kind) -> String {
    format!("airlatch {}{FOR_PEOPLE} below counts.", kind.word())
}
