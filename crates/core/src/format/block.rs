//! The result of reading a text: the sealed documents in it, and the repairs that were needed.

use crate::model::Kind;

use super::repair::Repair;

/// One sealed document from between its markers; not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The kind named by its label; only the signature proves it.
    pub kind: Kind,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// The result of reading a file or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The main document; a license may be followed by the key certificate of its signer.
    pub blocks: Vec<Block>,
    /// The damage that was repaired; empty for an undamaged file.
    pub repairs: Vec<Repair>,
}
