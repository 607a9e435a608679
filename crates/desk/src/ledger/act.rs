//! The acts that a ledger records, each with its facts and its labels.

use crate::catalog::GrantTerm;
use crate::orders::{AccountName, Order};
use airlatch_core::model::{DocumentId, KeyId, LockingId, OrderCode, Time, Unit};

use super::labels::Labels;
use super::reversal::Reversal;

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The ledger was created; always and only the first entry.
    Opened {
        /// Random, so that no two ledgers have the same first hash.
        nonce: [u8; 16],
        /// The vendor's name.
        vendor: Option<String>,
    },
    /// An account was opened or changed.
    Account(Customer),
    /// An order was booked: source → pool.
    Ordered {
        /// The authorization code it got.
        code: OrderCode,
        /// The order.
        order: Order,
        /// The account it was added to with the booking.
        account: Option<AccountName>,
    },
    /// A code was added to an account.
    Added {
        /// The code.
        code: OrderCode,
        /// The account.
        account: AccountName,
    },
    /// A part of a code was passed on under a new code: pool → pool.
    Passed {
        /// The code it came from.
        from: OrderCode,
        /// The new code.
        to: OrderCode,
        /// The recipient.
        recipient: String,
        /// The recipient's own reference, by which the new code is found.
        reference: Option<String>,
        /// A comment.
        note: Option<String>,
    },
    /// A code was cancelled; what was left on it: pool → returned.
    Cancelled {
        /// The code.
        code: OrderCode,
        /// Why.
        note: Option<String>,
    },
    /// The term of a code was changed.
    Renewed {
        /// The code.
        code: OrderCode,
        /// The new term.
        term: GrantTerm,
    },
    /// Overdraft was taken, to be invoiced: source → pool.
    Overdrawn {
        /// The code.
        code: OrderCode,
    },
    /// A license was issued: pool → unit, only what the unit didn't hold yet.
    Activated(Activation),
    /// A license was released: unit → pool, everything that the unit holds of the product.
    Released {
        /// The unit that released it.
        unit: Unit,
        /// The product.
        product: String,
        /// The license.
        license: DocumentId,
        /// The release receipt, signed by the host; its bytes are stored with the entry.
        receipt: DocumentId,
        /// A comment.
        note: Option<String>,
    },
    /// A clock reset was signed; its bytes are stored with the entry.
    ClockReset {
        /// The host.
        unit: Unit,
        /// The product in the request.
        product: String,
        /// The request it answers.
        request: DocumentId,
        /// The key that signed.
        key: KeyId,
    },
    /// A backup was restored, or the loss of entries accepted; `number` and `hash` are the head that the witness knew.
    Restored {
        /// The number of that head.
        number: u64,
        /// Its hash.
        hash: [u8; 32],
        /// A comment.
        note: Option<String>,
    },
    /// An earlier entry was reversed.
    Reversed(Reversal),
    /// An order was corrected; a quantity that was booked too small: source → pool, too large: pool → source.
    Corrected {
        /// The code of the order.
        code: OrderCode,
        /// The right customer, if the customer was wrong.
        customer: Option<String>,
        /// The right reference, if the reference was wrong.
        reference: Option<String>,
        /// Why.
        because: String,
    },
    /// Something was noted about a unit, beside its licenses.
    Noted(UnitNote),
    /// The ledger's time is in the future, and entries of the same time were booked nevertheless.
    ClockOverride {
        /// What the clock of the desk showed: the time of the entries of this time.
        clock: Time,
        /// Why.
        because: String,
    },
}

/// What is noted about a unit; what is `None` stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitNote {
    /// The unit.
    pub unit: Unit,
    /// Its end user.
    pub end_user: Option<String>,
    /// Its location.
    pub location: Option<String>,
    /// A comment.
    pub comment: Option<String>,
}

/// An account, or a group of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The unique name.
    pub name: AccountName,
    /// The display name.
    pub title: Option<String>,
    /// The group, whose accounts share their codes and views.
    pub group: Option<AccountName>,
}

/// The facts of an activation, besides the transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// The licensed unit.
    pub unit: Unit,
    /// The product.
    pub product: String,
    /// The hardware model.
    pub model: Option<String>,
    /// The codes that were named; none for a trial license.
    pub codes: Vec<OrderCode>,
    /// A trial license, once per unit, not charged.
    pub evaluation: bool,
    /// The request it answers.
    pub request: Option<DocumentId>,
    /// The Locking ID of the hardware the license is locked to, or of the settings of a virtual host.
    pub hardware: Option<LockingId>,
    /// Whether its lock is weak, as was accepted for this license.
    pub weak_lock: bool,
    /// The vendor's license number.
    pub number: Option<String>,
    /// The end user named on it.
    pub end_user: Option<String>,
    /// The location of the unit.
    pub location: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// The key that signed.
    pub key: KeyId,
}

impl Act {
    /// The labels of the act. An activation has no `code`; it is found by its unit, or by transfers from the pool of a code.
    /// So a query for the few acts about a code doesn't return its many activations.
    pub fn labels(&self) -> Labels {
        let about = Labels::of_code;
        match self {
            Self::Opened { .. } | Self::Restored { .. } | Self::ClockOverride { .. } => Labels::default(),
            Self::Account(customer) => {
                Labels { account: Some(customer.name.to_string()), ..Labels::default() }
            }
            Self::Ordered { code, order, account } => Labels {
                account: account.as_ref().map(ToString::to_string),
                order: Some(order.number.clone()),
                product: Some(order.product.clone()),
                ..about(code)
            },
            Self::Added { code, account } => Labels { account: Some(account.to_string()), ..about(code) },
            Self::Passed { from, to, reference, .. } => {
                Labels { order: reference.clone(), parent: Some(from.to_string()), ..about(to) }
            }
            Self::Cancelled { code, .. }
            | Self::Renewed { code, .. }
            | Self::Overdrawn { code }
            | Self::Corrected { code, .. } => about(code),
            Self::Reversed(reversal) => reversal.of.labels(),
            Self::Noted(note) => {
                Labels { unit: Some(note.unit.key()), end_user: note.end_user.clone(), ..Labels::default() }
            }
            Self::Activated(it) => Labels {
                unit: Some(it.unit.key()),
                product: Some(it.product.clone()),
                request: it.request.map(|id| id.to_string()),
                end_user: it.end_user.clone(),
                hardware: it.hardware.map(|id| id.to_string()),
                ..Labels::default()
            },
            Self::Released { unit, product, .. } => {
                Labels { unit: Some(unit.key()), product: Some(product.clone()), ..Labels::default() }
            }
            Self::ClockReset { unit, product, request, .. } => Labels {
                unit: Some(unit.key()),
                product: Some(product.clone()),
                request: Some(request.to_string()),
                ..Labels::default()
            },
        }
    }
}
