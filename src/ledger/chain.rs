//! The chain: how an entry is sealed by its hash and bound to the one before.

use sha2::{Digest, Sha256};

use crate::model::{Reason, Result, Trouble};

use super::{Act, Draft, Entry, Head, LicenseRef, hex, moves};

/// The most characters an actor's name may have.
const ACTOR_MAX: usize = 100;
const LABEL: &[u8] = b"airlatch entry v1\n";

/// The entry that puts `draft` after `head`.
///
/// # Errors
/// `clock-rollback` when it is earlier than the head; `bad-time` outside the years 1970 to 9999; `internal` when the
/// transfers don't fit the act, the act can't be read back, the first entry is not `opened` or a later one is, or the
/// actor is empty or longer than 100 characters.
pub fn link(head: &Head, draft: &Draft) -> Result<Entry> {
    if draft.actor.is_empty() || draft.actor.chars().count() > ACTOR_MAX {
        return Err(internal(format!("an actor has 1 to {ACTOR_MAX} characters")));
    }
    if Act::read(draft.act.word(), &draft.act.facts()).as_ref() != Ok(&draft.act) {
        return Err(internal(format!("`{}` could not be read back", draft.act.word())));
    }
    moves::check(&draft.act, &draft.transfers).map_err(internal)?;
    let time = draft.time.travels()?;
    if let Some(last) = head.time.filter(|last| time < *last) {
        let what = "the clock is behind the last entry of the ledger";
        return Err(
            Trouble::new(Reason::ClockRollback, what).detail(format!("now {time}, last entry {last}"))
        );
    }
    let number = head.number.checked_add(1).ok_or_else(|| internal("the ledger is full".into()))?;
    check_place(number, &draft.act).map_err(internal)?;
    let mut entry = Entry {
        number,
        time,
        actor: draft.actor.clone(),
        act: draft.act.clone(),
        transfers: draft.transfers.clone(),
        license: draft
            .sealed
            .as_ref()
            .map(|(id, bytes)| LicenseRef { id: *id, digest: Sha256::digest(bytes).into() }),
        previous: head.hash,
        hash: [0; 32],
    };
    entry.hash = hash(&entry);
    Ok(entry)
}

impl Entry {
    /// Computes the hash again.
    ///
    /// # Errors
    /// `damaged-ledger` when it is another.
    pub fn check(&self) -> Result<()> {
        if hash(self) == self.hash {
            return Ok(());
        }
        Err(damaged(self, "an entry doesn't fit its hash".into()))
    }

    /// Whether it is the next one after `before`: number, hash of the one before, time, and `opened` only at the start.
    ///
    /// # Errors
    /// `damaged-ledger` when it isn't.
    pub fn follows(&self, before: &Head) -> Result<()> {
        if before.number.checked_add(1) != Some(self.number) {
            return Err(damaged(self, format!("an entry stands after number {}", before.number)));
        }
        if self.previous != before.hash {
            return Err(damaged(self, "an entry doesn't name the hash of the one before".into()));
        }
        if let Some(last) = before.time.filter(|last| self.time < *last) {
            let what = format!("an entry of {} stands after one of {last}", self.time);
            return Err(damaged(self, what));
        }
        check_place(self.number, &self.act).map_err(|what| damaged(self, what))
    }
}

/// SHA-256 over `airlatch entry v1`, a line feed, and then fields, each as its length in bytes (64 bits, big end first) and
/// its bytes. All are text, numbers decimal, hashes hexadecimal: number, time, actor, word, facts, how many transfers, then
/// article, quantity, giver and taker of each, id and digest of the license (both empty where there is none), hash of the
/// entry before.
fn hash(entry: &Entry) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(LABEL);
    let mut field = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    };
    field(&entry.number.to_string());
    field(&entry.time.to_string());
    field(&entry.actor);
    field(entry.act.word());
    field(&entry.act.facts());
    field(&entry.transfers.len().to_string());
    for transfer in &entry.transfers {
        field(transfer.article.as_str());
        field(&transfer.quantity.to_string());
        field(&transfer.from.to_string());
        field(&transfer.to.to_string());
    }
    field(&entry.license.map(|license| license.id.to_string()).unwrap_or_default());
    field(&entry.license.map(|license| hex::write(&license.digest)).unwrap_or_default());
    field(&hex::write(&entry.previous));
    hasher.finalize().into()
}

fn check_place(number: u64, act: &Act) -> Result<(), String> {
    match (number, act) {
        (1, Act::Opened { .. }) => Ok(()),
        (1, other) => Err(format!("a ledger begins with `opened`, not with `{}`", other.word())),
        (_, Act::Opened { .. }) => Err("a ledger is opened only once".into()),
        _ => Ok(()),
    }
}

fn damaged(entry: &Entry, what: String) -> Trouble {
    Trouble::new(Reason::DamagedLedger, what).at(format!("entry {}", entry.number))
}

fn internal(what: String) -> Trouble {
    Trouble::new(Reason::Internal, what)
}
