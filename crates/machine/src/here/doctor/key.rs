//! The host's own key: there, whole, its own alone, and what the host was told about itself.

use crate::here::own_key::KEY;
use crate::platform::Files;
use airlatch_core::crypto::PublicKey;
use airlatch_core::format::HostSettings;
use airlatch_core::model::{Error, Reason, SystemId};

use super::{Check, Finding, Home, State};

/// The public key, as far as the key or its public half says it.
pub(super) fn look(home: Option<&Home>, files: &Files, findings: &mut Vec<Finding>) -> Option<PublicKey> {
    let home = home?;
    if let Some(error) = home.lost_key() {
        findings.push(Finding::of(Check::Key, State::Bad, error));
        return None;
    }
    if !home.is_set_up() {
        findings.push(Finding::note(Check::Key, "there is none yet: the first request makes it"));
        return None;
    }
    let key = match home.public_key() {
        Ok(Some(key)) => key,
        Ok(None) => return None,
        Err(error) => {
            let finding = match error.reason() {
                Reason::Denied | Reason::Io => Finding::unseen(Check::Key, error),
                _ => Finding::of(Check::Key, State::Bad, error.detail("the host's own key is damaged")),
            };
            findings.push(finding);
            return None;
        }
    };
    findings.push(whole(home, files, key.system_id()));
    Some(key)
}

fn whole(home: &Home, files: &Files, id: SystemId) -> Finding {
    let path = home.path().join(KEY);
    if !files.path_info(&path).is_ok_and(|about| about.readable) {
        let what = format!("System ID {id}, by its public half; this user may not read the key itself");
        return Finding::note(Check::Key, what).saying("this user may not read the key itself");
    }
    if let Some(path) = home.exposed_key() {
        let what = "others may use the host's own key";
        let error = Error::new(Reason::ExposedKey, what).at(path.display());
        return Finding::of(Check::Key, State::Look, error).detail(format!("System ID  {id}"));
    }
    match home.public_half() {
        Ok(Some(half)) => match home.mismatch(id, half) {
            Some(error) => Finding::of(Check::Key, State::Look, error),
            None => Finding::ok(Check::Key, format!("System ID {id}; its public half fits"))
                .saying("its public half fits"),
        },
        Ok(None) => {
            let what =
                format!("System ID {id}; its public half, for users who may not read it, is not there");
            Finding::note(Check::Key, what).saying("its public half is not there")
        }
        Err(error) => Finding::of(Check::Key, State::Look, error),
    }
}

/// Site and codes; said only where something was told.
pub(super) fn settings(home: Option<&Home>, findings: &mut Vec<Finding>) -> Option<HostSettings> {
    match home?.settings() {
        Ok(settings) => {
            // The codes themselves are worth money.
            let codes = match settings.codes.len() {
                0 => None,
                1 => Some("1 code".to_owned()),
                n => Some(format!("{n} codes")),
            };
            let site = settings.site.map(|site| format!("site {site}"));
            let told: Vec<String> = site.into_iter().chain(codes).collect();
            if !told.is_empty() {
                findings.push(Finding::ok(Check::Settings, told.join(", ")));
            }
            Some(settings)
        }
        Err(error) => {
            let finding = match error.reason() {
                Reason::Denied | Reason::Io => Finding::unseen(Check::Settings, error),
                _ => Finding::of(Check::Settings, State::Bad, error),
            };
            findings.push(finding);
            None
        }
    }
}
