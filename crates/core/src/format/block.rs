//! What stood in a text: sealed documents between their markers, and what was undone to read them.

use crate::model::Kind;

use super::repair::Repair;

/// One sealed document as it stood between its markers; nothing in it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What its label says it is. The signature has the last word.
    pub kind: Kind,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// What was read from a file or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The one main document; behind a license, the certificate of the key that signed it may follow.
    pub blocks: Vec<Block>,
    /// What had happened on the way and was undone; empty for a file that is just as it was written.
    pub repairs: Vec<Repair>,
}
