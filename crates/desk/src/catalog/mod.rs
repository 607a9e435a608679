//! The catalog of products, models, features and articles, the grant, and the files of both.

mod article;
mod file_stem;
mod grant;
mod mac_prefix;
mod product;
mod read;
mod read_grant;
mod warning;

pub use article::Article;
pub(crate) use file_stem::no_windows_name;
pub use grant::{Grant, GrantEnd, GrantLock, GrantTerm, MacRule};
pub use product::{
    Catalog, Evaluation, FeatureKind, FeatureRule, Limit, LockKind, LockPolicy, Model, Product,
};
pub use read::read_catalog;
pub use read_grant::read_grant;
pub use warning::{Warning, warnings};
