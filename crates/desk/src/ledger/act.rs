//! What can be done to a ledger: each act with all its particulars, and the words it is stored as.

use crate::catalog::GrantTerm;
use crate::orders::{AccountName, Order};
use airlatch_core::model::{DocumentId, KeyId, LockingId, OrderCode, Unit};

/// An act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The ledger was begun; always and only the first entry.
    Opened {
        /// Random, so that no two ledgers begin alike.
        nonce: [u8; 16],
        /// The vendor's name.
        vendor: Option<String>,
    },
    /// An account was opened or its particulars changed.
    Account(Customer),
    /// An order was booked: source → pool.
    Ordered {
        /// The authorization code it got.
        code: OrderCode,
        /// The order.
        order: Order,
        /// The account it was added to at once.
        account: Option<AccountName>,
    },
    /// A code was added to an account.
    Added {
        /// The code.
        code: OrderCode,
        /// The account.
        account: AccountName,
    },
    /// A part was passed on under a new code: pool → pool.
    Passed {
        /// The code it came from.
        from: OrderCode,
        /// The new code.
        to: OrderCode,
        /// For whom.
        recipient: String,
        /// A comment.
        note: Option<String>,
    },
    /// What was left on a code was taken back: pool → returned.
    Cancelled {
        /// The code.
        code: OrderCode,
        /// Why.
        note: Option<String>,
    },
    /// A code got another term.
    Renewed {
        /// The code.
        code: OrderCode,
        /// The new term.
        term: GrantTerm,
    },
    /// More was taken than was ordered, to be invoiced: source → pool.
    Overdrawn {
        /// The code.
        code: OrderCode,
    },
    /// A license was issued: pool → unit, only what is new.
    Activated(Activation),
    /// A license was given back: unit → pool, all that the unit holds of the product.
    Released {
        /// Whose it was.
        unit: Unit,
        /// The product.
        product: String,
        /// The license.
        license: DocumentId,
        /// The receipt that the host signed; its bytes are stored with the entry.
        receipt: DocumentId,
        /// A comment.
        note: Option<String>,
    },
    /// A host's clock mark may be repaired, by the signed reset that is stored with the entry.
    ClockReset {
        /// The host.
        unit: Unit,
        /// The product it was asked for.
        product: String,
        /// The request it answers.
        request: DocumentId,
        /// The key that signed.
        key: KeyId,
    },
    /// A backup was put back over a ledger whose witness knew a later head.
    Restored {
        /// The number of that head.
        number: u64,
        /// Its hash.
        hash: [u8; 32],
        /// Why, in the words of whoever did it.
        note: Option<String>,
    },
}

/// An account, or a group of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The name by which it is called.
    pub name: AccountName,
    /// The name for people.
    pub title: Option<String>,
    /// The group whose accounts share balance, views and downloads.
    pub group: Option<AccountName>,
}

/// What an activation was about, besides the seats it moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// For whom the license is.
    pub unit: Unit,
    /// The product.
    pub product: String,
    /// The hardware model.
    pub model: Option<String>,
    /// The codes that were named; none for an evaluation.
    pub codes: Vec<OrderCode>,
    /// A license for trying out, charged to nobody.
    pub evaluation: bool,
    /// The request it answers.
    pub request: Option<DocumentId>,
    /// The hardware the license is locked to, or the settings of a virtual host.
    pub hardware: Option<LockingId>,
    /// The vendor's license number.
    pub number: Option<String>,
    /// The end user named on it.
    pub end_user: Option<String>,
    /// Where the unit stands.
    pub location: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// The key that signed.
    pub key: KeyId,
}

/// The names by which an entry is found again; each is told by its act alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The account.
    pub account: Option<String>,
    /// The vendor's order number.
    pub order: Option<String>,
    /// The code the act is about; a passed part is found under the new code.
    pub code: Option<String>,
    /// The code it came from.
    pub parent: Option<String>,
    /// The unit's key.
    pub unit: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The request answered.
    pub request: Option<String>,
    /// The end user named.
    pub end_user: Option<String>,
    /// The Locking ID of the license.
    pub hardware: Option<String>,
}

impl Act {
    /// The names by which it is found again. An activation is found under its unit, and under a code only by the
    /// transfers from that code's pool: so the few acts about a code are told apart from its many activations.
    pub fn labels(&self) -> Labels {
        let about = |code: &OrderCode| Labels { code: Some(code.to_string()), ..Labels::default() };
        match self {
            Self::Opened { .. } | Self::Restored { .. } => Labels::default(),
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
            Self::Passed { from, to, .. } => Labels { parent: Some(from.to_string()), ..about(to) },
            Self::Cancelled { code, .. } | Self::Renewed { code, .. } | Self::Overdrawn { code } => {
                about(code)
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
