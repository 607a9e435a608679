//! Reads how units may be identified and locked: `lock`, `fingerprint`, `mac` and `allow`.

use std::collections::BTreeSet;

use crate::catalog::mac_prefix::{mac_prefix, never_accepted};
use crate::catalog::{GrantLock, LockKind, LockPolicy, MacRule};
use airlatch_core::format::toml_table::{Fields, Placed, Spot};
use airlatch_core::model::{AllowedClasses, ComponentKind, Spelling, Tolerance};

use super::faults::Faults;
use super::shared::KEYS;

/// Takes `lock` and `fingerprint`; the result has the place of `lock`.
pub(super) fn lock_policy(group: &mut Fields<'_>, faults: &Faults<'_>) -> Placed<LockPolicy> {
    let before = faults.count();
    let item = faults.needed(group, "lock");
    let spot = item.as_ref().map_or_else(|| group.spot.missing("lock"), |item| item.spot.clone());
    let is_there = item.is_some();
    let words = faults.texts(item);
    if is_there && words.is_empty() && faults.count() == before {
        faults.add(&spot, "`lock` needs at least one kind of lock");
    }
    let mut kinds: BTreeSet<LockKind> = words.iter().filter_map(|word| lock_kind(faults, word)).collect();
    if faults.count() > before {
        // A misspelt kind must not be reported again as a missing one by `needs_kind`.
        kinds.clear();
    }
    let mut policy = LockPolicy { kinds, rule: GrantLock::default() };
    let hosts = [LockKind::Fingerprint, LockKind::LockingId];
    if let Some(item) = group.take("fingerprint") {
        needs_kind(faults, &item.spot, &policy, &hosts);
        policy.rule = faults.table(item).map(|group| fingerprint(group, faults)).unwrap_or_default();
    }
    Placed { value: policy, spot }
}

/// Takes `mac`.
pub(super) fn mac_rule(group: &mut Fields<'_>, faults: &Faults<'_>, lock: &Placed<LockPolicy>) -> MacRule {
    let Some(item) = group.take("mac") else { return MacRule::default() };
    needs_kind(faults, &item.spot, &lock.value, &[LockKind::Mac]);
    let Some(mut table) = faults.table(item) else { return MacRule::default() };
    let allow_local = faults.flag(table.take("allow-local")).unwrap_or(false);
    let refused = |digits: &str| never_accepted(digits, allow_local).map(str::to_owned);
    let prefixes = mac_prefixes(&mut table, faults, "prefix", refused);
    let rule = MacRule {
        prefixes: prefixes.into_iter().map(|prefix| prefix.value).collect(),
        spelling: spelling(&mut table, faults),
        allow_local,
    };
    faults.nothing_else(table, &["prefix", "spelling", "allow-local"], KEYS);
    rule
}

/// Takes an array of distinct MAC prefixes, as digits; `refused` returns what is wrong with one.
pub(super) fn mac_prefixes(
    group: &mut Fields<'_>,
    faults: &Faults<'_>,
    key: &str,
    refused: impl Fn(&str) -> Option<String>,
) -> Vec<Placed<String>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for Placed { value: text, spot } in faults.texts(group.take(key)) {
        let fault = match mac_prefix(&text) {
            None => Some(format!("`{text}` is not a MAC prefix")),
            Some(digits) if !seen.insert(digits.clone()) => Some(format!("`{text}` is in this array twice")),
            Some(digits) => {
                let fault = refused(&digits);
                found.push(Placed { value: digits, spot: spot.clone() });
                fault
            }
        };
        fault.into_iter().for_each(|message| faults.add(&spot, message));
    }
    found
}

/// Takes `allow`: the kinds of host besides physical machines.
pub(super) fn allowed(group: &mut Fields<'_>, faults: &Faults<'_>) -> AllowedClasses {
    let mut allow = AllowedClasses::default();
    for Placed { value: word, spot } in faults.texts(group.take("allow")) {
        match allow.with(&word) {
            Some(with) => allow = with,
            None => {
                let message = format!("`{word}` is not a kind of host");
                faults.unknown(&spot, &message, ["virtual", "container"], &word);
            }
        }
    }
    allow
}

fn lock_kind(faults: &Faults<'_>, Placed { value: word, spot }: &Placed<String>) -> Option<LockKind> {
    let kind = LockKind::ALL.into_iter().find(|kind| kind.word() == word);
    if kind.is_none() {
        let message = format!("`{word}` is not a kind of lock");
        faults.unknown(spot, &message, LockKind::ALL.map(LockKind::word), word);
    }
    kind
}

/// Refuses a table for kinds of lock that `lock` does not list.
fn needs_kind(faults: &Faults<'_>, spot: &Spot, policy: &LockPolicy, kinds: &[LockKind]) {
    // A missing or misspelt `lock` is reported already.
    if policy.kinds.is_empty() || kinds.iter().any(|kind| policy.kinds.contains(kind)) {
        return;
    }
    let words: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
    faults.add(spot, format!("it has no effect without {} in `lock`", words.join(" or ")));
}

fn fingerprint(mut group: Fields<'_>, faults: &Faults<'_>) -> GrantLock {
    let before = faults.count();
    let kinds = |list: Vec<Placed<ComponentKind>>| list.into_iter().map(|kind| kind.value);
    let required: Vec<_> = kinds(faults.all_parsed(group.take("required"))).collect();
    let optional: Vec<_> = kinds(faults.all_parsed(group.take("optional"))).collect();
    let minimum = faults.number(group.take("minimum"), &(0..=ComponentKind::ALL.len() as u64));
    let states_any = !required.is_empty() || !optional.is_empty() || minimum.is_some();
    let tolerance = match minimum {
        _ if faults.count() > before || !states_any => None,
        Some(Placed { value: 1.., spot }) if optional.is_empty() => {
            faults.add(&spot, "`minimum` counts the components in `optional`, which is empty");
            None
        }
        minimum => {
            let spot = minimum.as_ref().map_or_else(|| group.spot.clone(), |minimum| minimum.spot.clone());
            let minimum = minimum.map_or(0, |minimum| minimum.value as usize);
            Tolerance::new(required, optional, minimum).map_err(|error| faults.error(&spot, error)).ok()
        }
    };
    let had_allow_weak = faults.flag(group.take("allow-weak")).unwrap_or(false);
    let rule = GrantLock { tolerance, had_allow_weak, ..GrantLock::default() };
    faults.nothing_else(group, &["required", "optional", "minimum", "allow-weak"], KEYS);
    rule
}

fn spelling(group: &mut Fields<'_>, faults: &Faults<'_>) -> Option<Spelling> {
    let Placed { value: word, spot } = faults.text(group.take("spelling"))?;
    let spelling = Spelling::ALL.into_iter().find(|spelling| spelling.word() == word);
    if spelling.is_none() {
        let message = format!("`{word}` is not a MAC spelling");
        faults.unknown(&spot, &message, Spelling::ALL.map(Spelling::word), &word);
    }
    spelling
}
