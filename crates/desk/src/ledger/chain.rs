//! The hash chain: the hash of an entry, and its link to the entry before.

use sha2::{Digest, Sha256};

use airlatch_core::model::{Error, Reason, Result, hex};

use super::{Act, Draft, Entry, Head, LicenseRef, moves};

/// The most characters an actor's name may have.
const ACTOR_MAX: usize = 100;
/// Prefix of the hashed bytes, so that they can't be mistaken for those of another purpose.
const DOMAIN: &[u8] = b"airlatch entry v1\n";

/// The entry that appends `draft` to a chain with this head.
///
/// # Errors
/// `clock-rollback` if it is earlier than the head; `bad-time` outside the years 1970 to 9999; `internal` if the transfers
/// don't fit the act, the act can't be read back, the first entry is not `opened` or a later one is, or the actor is empty or
/// longer than 100 characters.
pub fn link(head: &Head, draft: &Draft) -> Result<Entry> {
    if draft.actor.is_empty() || draft.actor.chars().count() > ACTOR_MAX {
        return Err(internal(format!("an actor has 1 to {ACTOR_MAX} characters")));
    }
    let facts = draft.act.facts();
    if Act::read(draft.act.word(), &facts).as_ref() != Ok(&draft.act) {
        return Err(internal(format!("the act `{}` can't be read back as it was written", draft.act.word())));
    }
    moves::check(&draft.act, &draft.transfers).map_err(internal)?;
    let time = draft.time.in_range()?;
    if let Some(last) = head.time.filter(|last| time < *last) {
        let message = "the clock is behind the last entry of the ledger";
        return Err(
            Error::new(Reason::ClockRollback, message).detail(format!("now {time}, last entry {last}"))
        );
    }
    let number = head.number.checked_add(1).ok_or_else(|| internal("the ledger is full".into()))?;
    check_position(number, &draft.act).map_err(internal)?;
    let mut entry = Entry {
        number,
        time,
        actor: draft.actor.clone(),
        act: draft.act.clone(),
        transfers: draft.transfers.clone(),
        license: draft.sealed.as_ref().map(|(id, sealed)| LicenseRef::of(*id, sealed)),
        previous: head.hash,
        hash: [0; 32],
    };
    entry.hash = hash(&entry, &facts);
    Ok(entry)
}

impl Entry {
    /// Checks the hash.
    ///
    /// # Errors
    /// `damaged-ledger` if it is wrong.
    pub fn check(&self) -> Result<()> {
        if hash(self, &self.act.facts()) == self.hash {
            return Ok(());
        }
        Err(damaged(self, "the hash of an entry is wrong".into()))
    }

    /// Checks that it is the next entry after `before`: its number, the hash of the entry before, its time, and that only the
    /// first entry is `opened`.
    ///
    /// # Errors
    /// `damaged-ledger` if it is not.
    pub fn follows(&self, before: &Head) -> Result<()> {
        if before.number.checked_add(1) != Some(self.number) {
            return Err(damaged(
                self,
                format!("an entry follows entry {}, but has another number", before.number),
            ));
        }
        if self.previous != before.hash {
            return Err(damaged(self, "an entry has another hash of the entry before".into()));
        }
        if let Some(last) = before.time.filter(|last| self.time < *last) {
            let message = format!("an entry of {} follows one of {last}", self.time);
            return Err(damaged(self, message));
        }
        check_position(self.number, &self.act).map_err(|message| damaged(self, message))
    }
}

/// SHA-256 of `airlatch entry v1`, a line feed, and then fields, each as its length in bytes (64 bits, big-endian) and its
/// bytes. All fields are text, numbers decimal, hashes hexadecimal: number, time, actor, word, facts, count of transfers; for
/// each transfer article, quantity, giver and taker; id and digest of the document (both empty if there is none); hash of the
/// entry before.
fn hash(entry: &Entry, facts: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    let mut field = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    };
    field(&entry.number.to_string());
    field(&entry.time.to_string());
    field(&entry.actor);
    field(entry.act.word());
    field(facts);
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

fn check_position(number: u64, act: &Act) -> Result<(), String> {
    match (number, act) {
        (1, Act::Opened { .. }) => Ok(()),
        (1, other) => Err(format!("a ledger begins with `opened`, not with `{}`", other.word())),
        (_, Act::Opened { .. }) => Err("a ledger is opened only once".into()),
        _ => Ok(()),
    }
}

fn damaged(entry: &Entry, message: String) -> Error {
    Error::new(Reason::DamagedLedger, message).at(format!("entry {}", entry.number))
}

fn internal(message: String) -> Error {
    Error::new(Reason::Internal, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Activation, Holder, Transfer};
    use airlatch_core::model::{DocumentId, KeyId, Mac, OrderCode, Time, Unit};

    fn code(seed: u8) -> OrderCode {
        OrderCode::from_digest(&[seed; 32])
    }

    fn draft(act: Act, transfers: Vec<Transfer>) -> Draft {
        Draft { time: Time::from_seconds(1_800_000_000), actor: "ann".into(), act, transfers, sealed: None }
    }

    fn opened() -> Draft {
        draft(Act::Opened { nonce: [7; 16], vendor: Some("ACME".into()) }, vec![])
    }

    fn activated() -> Draft {
        let unit = Unit::Device(Mac([0, 4, 0xf1, 0x14, 0x4b, 0xd4]));
        let act = Act::Activated(Activation {
            unit,
            product: "phone".into(),
            model: None,
            codes: vec![code(1)],
            evaluation: false,
            request: None,
            hardware: None,
            weak_lock: false,
            number: None,
            end_user: None,
            location: None,
            comment: None,
            key: KeyId::from_digest(&[5; 32]),
        });
        let (from, to) = (Holder::Pool(code(1)), Holder::Unit(unit, code(1)));
        let transfers = vec![Transfer { article: "video".parse().unwrap(), quantity: 3, from, to }];
        Draft {
            sealed: Some((DocumentId::from_digest(&[9; 32]), b"sealed".to_vec())),
            ..draft(act, transfers)
        }
    }

    #[test]
    fn the_hash_is_over_every_field() {
        let first = link(&Head::default(), &opened()).unwrap();
        let second = link(&first.head(), &activated()).unwrap();
        assert_eq!(hex::write(&first.hash), FIRST);
        assert_eq!(hex::write(&second.hash), SECOND);
        let changes: [fn(&mut Entry); 12] = [
            |e| e.number += 1,
            |e| e.time = e.time.plus_seconds(1),
            |e| e.actor.push('a'),
            |e| e.act = Act::Overdrawn { code: code(1) },
            |e| e.transfers.clear(),
            |e| e.transfers[0].article = "audio".parse().unwrap(),
            |e| e.transfers[0].quantity += 1,
            |e| e.transfers[0].from = Holder::Source,
            |e| e.transfers[0].to = Holder::Expired,
            |e| e.license = None,
            |e| e.previous[31] ^= 1,
            |e| e.hash[0] ^= 1,
        ];
        assert_eq!(second.check(), Ok(()));
        for (index, change) in changes.into_iter().enumerate() {
            let mut entry = second.clone();
            change(&mut entry);
            let error = entry.check().unwrap_err();
            assert_eq!(error.reason(), Reason::DamagedLedger, "{index}");
            assert_eq!(error.place(), Some(format!("entry {}", entry.number).as_str()));
        }
    }

    // Computed from the description above with another program.
    const FIRST: &str = "622156abba6dfc64986dae4424ce2d499e70b007eb4480910bbe19e23d5fc22f";
    const SECOND: &str = "cc694c2f57b5cbcf369959818a6c64ebcd0bcf99889cd7b357253b31ce9b05c8";

    #[test]
    fn an_entry_follows_only_the_one_before() {
        let first = link(&Head::default(), &opened()).unwrap();
        let second = link(&first.head(), &activated()).unwrap();
        assert_eq!(second.follows(&first.head()), Ok(()));
        assert_eq!(first.follows(&Head::default()), Ok(()));
        let heads = [
            Head { number: 2, ..first.head() },
            Head { hash: [0; 32], ..first.head() },
            Head { time: Some(second.time.plus_seconds(1)), ..first.head() },
            Head::default(),
            second.head(),
        ];
        for head in heads {
            assert_eq!(second.follows(&head).unwrap_err().reason(), Reason::DamagedLedger);
        }
        let twice = Entry { number: 2, previous: first.hash, ..first.clone() };
        assert!(twice.follows(&first.head()).is_err());
    }

    #[test]
    fn what_does_not_fit_is_not_linked() {
        let head = link(&Head::default(), &opened()).unwrap().head();
        let reason = |head: &Head, draft: &Draft| link(head, draft).unwrap_err().reason();
        let mut late = activated();
        late.time = late.time.plus_seconds(-1);
        assert_eq!(reason(&head, &late), Reason::ClockRollback);
        assert_eq!(reason(&head, &opened()), Reason::Internal);
        assert_eq!(reason(&Head::default(), &activated()), Reason::Internal);
        let odd = Draft { time: Time::from_seconds(-1), ..opened() };
        assert_eq!(reason(&Head::default(), &odd), Reason::BadTime);
        let changes: [fn(&mut Draft); 8] = [
            |d| d.actor.clear(),
            |d| d.actor = "ä".repeat(101),
            |d| d.transfers[0].quantity = 0,
            |d| d.transfers[0].quantity = airlatch_core::model::MAX_QUANTITY + 1,
            |d| d.transfers[0].from = Holder::Pool(code(2)),
            |d| d.transfers[0].to = Holder::Expired,
            |d| d.transfers.push(Transfer { quantity: 1, ..d.transfers[0].clone() }),
            |d| d.act = Act::Restored { number: 1, hash: [0; 32], note: None },
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut draft = activated();
            change(&mut draft);
            assert_eq!(reason(&head, &draft), Reason::Internal, "{index}");
        }
        let long = Draft { actor: "ä".repeat(100), ..activated() };
        assert!(link(&head, &long).is_ok());
    }
}
