//! The request that a host leaves ready in its home when its hardware has changed too much for a license.

use std::path::PathBuf;

use crate::platform::{Access, Existing};
use airlatch_core::crypto::{self, PrivateKey, Sealed};
use airlatch_core::format;
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{Kind, Request, Result, Time};

use super::home::read_if_there;
use super::{Home, HostCheck, ThisHost};

/// The folder of the requests in the home.
pub(super) const FOLDER: &str = "move";

impl ThisHost {
    /// The licenses that wait to be put on this hardware: those that this installation has, and of which the hardware is what
    /// stands against them.
    pub fn waiting<'a>(&self, checked: &'a HostCheck) -> impl Iterator<Item = &'a JudgedLicense> {
        let waits =
            |judged: &&JudgedLicense| host::needs_move(judged.license.get(), &self.facts, &judged.judgement);
        checked.judged().filter(waits)
    }

    /// The one of them that was issued last, for `product` where one is named.
    pub fn moved<'a>(&self, checked: &'a HostCheck, product: Option<&str>) -> Option<&'a JudgedLicense> {
        let is_it =
            |judged: &&JudgedLicense| product.is_none_or(|product| product == judged.license.get().product);
        self.waiting(checked).filter(is_it).max_by_key(|judged| judged.license.get().issued)
    }

    /// The request to put a license on this hardware, signed.
    ///
    /// # Errors
    /// Those of [`host::move_request`].
    pub fn move_request(
        &self,
        judged: &JudgedLicense,
        key: &PrivateKey,
        note: Option<String>,
        now: Time,
    ) -> Result<(Request, Sealed)> {
        let rows = &judged.judgement.comparison;
        let request = host::move_request(&judged.license, &self.facts, rows, note, now)?;
        let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, key);
        Ok((request, sealed))
    }

    /// Leaves that request ready in the home, and gives where; one that says the same already stays as it is. Nothing where
    /// it can't be made or kept: it is a help, and nobody waits for it.
    pub fn leave_move_request(&self, checked: &HostCheck, now: Time) -> Option<PathBuf> {
        let home = self.home().ok().filter(|_| self.keeps)?;
        let judged = self.moved(checked, None)?;
        let key = home.signing_key().ok()?;
        let (request, sealed) = self.move_request(judged, &key, None, now).ok()?;
        let path = home.path().join(FOLDER).join(format!("{}.request", request.product));
        if left_before(home, &path).is_some_and(|there| says_the_same(&there, &request)) {
            return Some(path);
        }
        let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(&request));
        home.files.make_dir(&home.path().join(FOLDER), true).ok()?;
        home.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace).ok()?;
        Some(path)
    }
}

fn left_before(home: &Home, path: &std::path::Path) -> Option<Request> {
    let bytes = read_if_there(&home.files, path, format::limits::DOCUMENT_FILE).ok()??;
    let (sealed, _) = format::open_one(&bytes).ok()?;
    Some(format::read_request(&sealed).ok()?.get().clone())
}

/// Whether two requests differ in their time alone.
fn says_the_same(there: &Request, new: &Request) -> bool {
    *there == Request { made: there.made, ..new.clone() }
}
