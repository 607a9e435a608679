//! Checks the host's own key and its settings.

use crate::here::own_key::KEY;
use crate::platform::Files;
use airlatch_core::crypto::PublicKey;
use airlatch_core::format::HostSettings;
use airlatch_core::model::{Cause, Error, Reason, SystemId};

use super::{Check, Finding, Home, State};

/// The host's public key, from the private key or from the copy beside it.
pub(super) fn examine(home: Option<&Home>, files: &Files, findings: &mut Vec<Finding>) -> Option<PublicKey> {
    let home = home?;
    if let Some(error) = home.lost_key() {
        findings.push(Finding::of(Check::Key, State::Bad, error));
        return None;
    }
    if !home.is_set_up() {
        findings.push(Finding::note(Check::Key, "there is none yet: the first request creates it"));
        return None;
    }
    let key = match home.public_key() {
        Ok(Some(key)) => key,
        Ok(None) => return None,
        Err(error) => {
            let finding = match error.reason() {
                Reason::Denied | Reason::Io => Finding::unreadable(Check::Key, error),
                _ => Finding::of(Check::Key, State::Bad, error.detail("the host's own key is damaged")),
            };
            findings.push(finding);
            return None;
        }
    };
    findings.push(check_files(home, files, key.system_id()));
    Some(key)
}

fn check_files(home: &Home, files: &Files, id: SystemId) -> Finding {
    let path = home.path().join(KEY);
    if !files.path_info(&path).is_ok_and(|info| info.readable) {
        let message = format!("System ID {id}, from the public key; this user may not read the private key");
        return Finding::note(Check::Key, message).fixed("this user may not read the private key");
    }
    if let Some(path) = home.exposed_key() {
        let message = "other users may read the host's own key";
        let error = Error::new(Reason::ExposedKey, message).because(Cause::ExposedFile).at(path.display());
        return Finding::of(Check::Key, State::Look, error).detail(format!("System ID  {id}"));
    }
    match home.public_key_copy() {
        Ok(Some(copy)) => match home.mismatch(id, copy) {
            Some(error) => Finding::of(Check::Key, State::Look, error),
            None => Finding::ok(Check::Key, format!("System ID {id}; its public key fits"))
                .fixed("its public key fits"),
        },
        Ok(None) => {
            let message =
                format!("System ID {id}; its public key, for users who may not read it, is missing");
            Finding::note(Check::Key, message).fixed("its public key is missing")
        }
        Err(error) => Finding::of(Check::Key, State::Look, error),
    }
}

/// Site and number of codes, if any are set.
pub(super) fn settings(home: Option<&Home>, findings: &mut Vec<Finding>) -> Option<HostSettings> {
    match home?.settings() {
        Ok(settings) => {
            // The codes themselves are not shown: anybody who has one can use it.
            let codes = match settings.codes.len() {
                0 => None,
                1 => Some("1 code".to_owned()),
                n => Some(format!("{n} codes")),
            };
            let site = settings.site.map(|site| format!("site {site}"));
            let parts: Vec<String> = site.into_iter().chain(codes).collect();
            if !parts.is_empty() {
                findings.push(Finding::ok(Check::Settings, parts.join(", ")));
            }
            Some(settings)
        }
        Err(error) => {
            let finding = match error.reason() {
                Reason::Denied | Reason::Io => Finding::unreadable(Check::Settings, error),
                _ => Finding::of(Check::Settings, State::Bad, error),
            };
            findings.push(finding);
            None
        }
    }
}
