//! What an error is about, as data: so that a hint can name it in the next command.

use super::Spelling;

/// The thing an error is about, spelt as a command line takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// The id of a product.
    Product(String),
    /// The id of a license.
    License(String),
    /// An authorization code.
    Code(String),
    /// The vendor's number of an order.
    Order(String),
    /// The name of an account.
    Account(String),
    /// The path of a file or folder.
    Path(String),
    /// A unit: a System ID, Locking ID, site serial or MAC.
    Unit(String),
    /// The one spelling of MAC addresses that is taken.
    Spelling(Spelling),
    /// A feature, as in `sessions=5`.
    Feature(String),
    /// The number of a user of this system.
    User(String),
    /// The number of an entry of the ledger.
    Entry(u64),
}
