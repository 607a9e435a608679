//! The request that a host prepares in its home when its hardware has changed more than a license allows.

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
    /// The licenses of this installation that have to be issued again for its changed hardware.
    pub fn licenses_to_move<'a>(&self, checked: &'a HostCheck) -> impl Iterator<Item = &'a JudgedLicense> {
        let needs_move =
            |judged: &&JudgedLicense| host::needs_move(judged.license.get(), &self.facts, &judged.judgement);
        checked.judged().filter(needs_move)
    }

    /// The one of them that was issued last, for `product` if one is given.
    pub fn license_to_move<'a>(
        &self,
        checked: &'a HostCheck,
        product: Option<&str>,
    ) -> Option<&'a JudgedLicense> {
        let is_of_product =
            |judged: &&JudgedLicense| product.is_none_or(|product| product == judged.license.get().product);
        self.licenses_to_move(checked).filter(is_of_product).max_by_key(|judged| judged.license.get().issued)
    }

    /// The signed request to issue a license again for this hardware.
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

    /// Writes that request into the home, and returns its path; a request that differs only in its time is kept. `None` if it
    /// can't be made or written: it is only for convenience.
    pub fn prepare_move_request(&self, checked: &HostCheck, now: Time) -> Option<PathBuf> {
        let home = self.home().ok().filter(|_| self.updates_memory)?;
        let judged = self.license_to_move(checked, None)?;
        let key = home.signing_key().ok()?;
        let (request, sealed) = self.move_request(judged, &key, None, now).ok()?;
        let path = home.path().join(FOLDER).join(format!("{}.request", request.product));
        if existing_request(home, &path).is_some_and(|existing| is_same_request(&existing, &request)) {
            return Some(path);
        }
        let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(&request));
        home.files.make_dir(&home.path().join(FOLDER), true).ok()?;
        home.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace).ok()?;
        Some(path)
    }
}

fn existing_request(home: &Home, path: &std::path::Path) -> Option<Request> {
    let bytes = read_if_there(&home.files, path, format::limits::DOCUMENT_FILE).ok()??;
    let (sealed, _) = format::open_one(&bytes).ok()?;
    Some(format::read_request(&sealed).ok()?.get().clone())
}

/// Whether two requests differ at most in their time.
fn is_same_request(existing: &Request, new: &Request) -> bool {
    *existing == Request { made: existing.made, ..new.clone() }
}
