//! The witness: a small file beside the ledger that knows its head, so that an old copy put back can't pass for the new.

use std::fmt;
use std::str::FromStr;

use super::{Book, Head, Query};
use airlatch_core::model::{Error, Reason, Result, hex};

const HEAD: &str =
    "# The last entry of the ledger beside this file. An older copy put back is told by it: keep it.";

/// A head that the ledger once had. It may lag behind the ledger, never the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// The ledger: the first 16 bytes of the hash of its first entry; zeros while it is empty.
    pub ledger: [u8; 16],
    /// The number of the entry; 0 while it is empty.
    pub number: u64,
    /// The hash of the entry; zeros while it is empty.
    pub hash: [u8; 32],
}

impl Witness {
    /// What is to be witnessed of this ledger now.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    pub fn of(book: &dyn Book) -> Result<Self> {
        let Head { number, hash, .. } = book.head()?;
        Ok(Self { ledger: book.id()?, number, hash })
    }

    /// Checks that this ledger is the one that was witnessed, or has grown from it.
    ///
    /// # Errors
    /// `restored-ledger` when it ends before the entry that was witnessed; `forked-ledger` when it is another ledger, or
    /// that entry is another one; `damaged-ledger`, and those of storage.
    pub fn check(&self, book: &dyn Book) -> Result<()> {
        if self.number == 0 {
            return Ok(());
        }
        let head = book.head()?;
        let compared = |reason, what: &str| {
            Error::new(reason, what).detail(format!(
                "the ledger ends with entry {}, the witness saw entry {}",
                head.number, self.number
            ))
        };
        if head.number > 0 && book.id()? != self.ledger {
            let what = "this is another ledger than the one that was witnessed";
            return Err(compared(Reason::ForkedLedger, what).detail(format!(
                "ledger {}, witness {}",
                hex::write(&book.id()?),
                hex::write(&self.ledger)
            )));
        }
        if head.number < self.number {
            let missing = self.number - head.number;
            let (entries, are) = if missing == 1 { ("entry", "is") } else { ("entries", "are") };
            let what = "the ledger is older than its witness: a copy was put back";
            return Err(compared(Reason::RestoredLedger, what).detail(format!(
                "{missing} {entries} {are} missing, the last with the hash {}",
                hex::write(&self.hash)
            )));
        }
        let there = book.entries(&Query { after: self.number - 1, limit: 1, ..Query::default() })?;
        if there.first().is_some_and(|entry| entry.number == self.number && entry.hash == self.hash) {
            return Ok(());
        }
        let what =
            format!("entry {} is not the one that was witnessed: the ledger went another way", self.number);
        Err(compared(Reason::ForkedLedger, &what))
    }
}

impl fmt::Display for Witness {
    /// The text of `witness.toml`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        writeln!(f, "ledger = \"{}\"", hex::write(&self.ledger))?;
        writeln!(f, "number = {}", self.number)?;
        writeln!(f, "hash = \"{}\"", hex::write(&self.hash))
    }
}

impl FromStr for Witness {
    type Err = Error;

    /// Reads what `Display` writes: comments, blank lines and the ends of lines may be others, the three fields may not.
    fn from_str(text: &str) -> Result<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.split_once(" = "));
            line.filter(|(key, _)| *key == name).map(|(_, value)| value.trim_end())
        };
        let quoted = |value: &'_ str| value.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        let ledger = field("ledger").and_then(quoted).and_then(|text| hex::read(&text));
        let number = field("number").and_then(|text| text.parse().ok());
        let hash = field("hash").and_then(quoted).and_then(|text| hex::read(&text));
        let (Some(ledger), Some(number), Some(hash), None) = (ledger, number, hash, lines.next()) else {
            return Err(Error::new(Reason::BadField, "this is no witness of a ledger"));
        };
        let witness = Self { ledger, number, hash };
        // An empty ledger has neither id nor hash, and what was written differently was written by other hands.
        let empty = ledger == [0; 16] && hash == [0; 32];
        if (number == 0) != empty
            || number > i64::MAX.cast_unsigned()
            || !text.contains(&format!("= {number}"))
        {
            return Err(
                Error::new(Reason::BadField, "this is no witness of a ledger").detail("field `number`")
            );
        }
        Ok(witness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Act, Draft, Ledger, MemoryLedger};
    use airlatch_core::model::Time;

    fn ledger(nonce: u8, entries: u64) -> MemoryLedger {
        let mut memory = MemoryLedger::default();
        let draft = |act| Draft {
            time: Time::from_seconds(9),
            actor: "ann".into(),
            act,
            transfers: vec![],
            sealed: None,
        };
        let post = |book: &mut dyn Book| {
            book.post(draft(Act::Opened { nonce: [7; 16], vendor: None }))?;
            for number in 2..=entries {
                // The ledgers part at their fourth entry.
                let hash = if number < 4 { [0; 32] } else { [nonce; 32] };
                book.post(draft(Act::Restored { number, hash, note: None }))?;
            }
            Ok(())
        };
        memory.transact(post).unwrap();
        memory
    }

    fn witness(ledger: &MemoryLedger) -> Witness {
        ledger.look(|book| Witness::of(book)).unwrap()
    }

    fn refusal(witness: Witness, ledger: &MemoryLedger) -> Option<Error> {
        ledger.look(|book| witness.check(book)).err()
    }

    #[test]
    fn a_ledger_may_grow_but_not_shrink_or_change() {
        let six = ledger(1, 6);
        let seen = witness(&six);
        assert_eq!(refusal(seen, &six), None);
        assert_eq!(refusal(seen, &ledger(1, 9)), None);
        let restored = refusal(seen, &ledger(1, 4)).unwrap();
        assert_eq!(restored.reason(), Reason::RestoredLedger);
        assert_eq!(restored.details()[0], "the ledger ends with entry 4, the witness saw entry 6");
        assert!(restored.details()[1].starts_with("2 entries are missing"), "{restored:?}");
        assert_eq!(refusal(seen, &MemoryLedger::default()).unwrap().reason(), Reason::RestoredLedger);
        for entries in [6, 9] {
            assert_eq!(refusal(seen, &ledger(2, entries)).unwrap().reason(), Reason::ForkedLedger);
        }
        let other = Witness { ledger: [3; 16], ..seen };
        assert_eq!(refusal(other, &ledger(1, 2)).unwrap().reason(), Reason::ForkedLedger);
        assert_eq!(refusal(witness(&MemoryLedger::default()), &six), None);
    }

    #[test]
    fn the_text_is_read_back_and_nothing_else_is() {
        for entries in [1, 6] {
            let seen = witness(&ledger(1, entries));
            let text = seen.to_string();
            assert_eq!(text.parse(), Ok(seen));
            assert_eq!(text.replace('\n', "\r\n").parse(), Ok(seen));
            assert_eq!(text.lines().skip(1).collect::<Vec<_>>().join("\n").parse(), Ok(seen));
            let bad = [
                String::new(),
                text.replace("number = ", "number = +"),
                text.replace("number = ", "number = 0"),
                text.replace("number = ", "numbers = "),
                text.replace("hash = \"", "hash = \"00"),
                text.replace("ledger = \"", "ledger = "),
                text.replace('"', "'"),
                text.clone() + "more = 1\n",
                text.lines().take(3).collect::<Vec<_>>().join("\n"),
                Witness { number: 0, ..seen }.to_string(),
                Witness { number: u64::MAX, ..seen }.to_string(),
            ];
            for text in bad {
                let reason = text.parse::<Witness>().map_err(|error| error.reason());
                assert_eq!(reason, Err(Reason::BadField), "{text}");
            }
        }
        let none = witness(&MemoryLedger::default());
        assert_eq!(none.to_string().parse(), Ok(none));
    }
}
