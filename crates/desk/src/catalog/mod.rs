//! What is sold: the vendor's catalog and its file, articles, and what a grant may contain.

mod article;
mod grant;
mod mac_beginning;
mod product;
mod read;
mod read_grant;

pub use article::Article;
pub use grant::{Grant, GrantEnd, GrantLock, GrantTerm, MacRule};
pub use product::{
    Catalog, Evaluation, FeatureKind, FeatureRule, Limit, LockKind, LockPolicy, Model, Product,
};
pub use read::read_catalog;
pub use read_grant::read_grant;
