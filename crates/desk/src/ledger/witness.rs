//! The witness: a small file beside the ledger with its last entry, which shows when an older copy of the ledger was put back.

use std::fmt;
use std::str::FromStr;

use super::{Book, Head};
use airlatch_core::model::{Error, Reason, Result, hex};

/// The first line of the file. Its first sentence must not change: by it the program recognizes a witness file, which it
/// refuses to overwrite.
const COMMENT: &str =
    "# The last entry of the ledger beside this file. It shows when an older copy was put back: keep it.";

/// A head that the ledger once had. The ledger may be ahead of its witness, but never behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// The id of the ledger: the first 16 bytes of the hash of its first entry; zeros while the ledger is empty.
    pub ledger: [u8; 16],
    /// The number of the entry; 0 for an empty ledger, of which no file is kept.
    pub number: u64,
    /// The hash of the entry; zeros while the ledger is empty.
    pub hash: [u8; 32],
}

impl Witness {
    /// The witness of the current state of this ledger.
    ///
    /// # Errors
    /// `damaged-ledger`, and those of storage.
    pub fn of(book: &dyn Book) -> Result<Self> {
        let Head { number, hash, .. } = book.head()?;
        Ok(Self { ledger: book.id()?, number, hash })
    }

    /// Checks that this ledger contains the witnessed entry, so that entries were only added since. A witness of an empty ledger
    /// fits no other: a ledger has its first entry before it has a witness.
    ///
    /// # Errors
    /// `restored-ledger` if it ends before the witnessed entry; `forked-ledger` if it is another ledger or that entry differs;
    /// `damaged-ledger`, and those of storage.
    pub fn check(&self, book: &dyn Book) -> Result<()> {
        let head = book.head()?;
        if (self.number, head.number) == (0, 0) {
            return Ok(());
        }
        let compared = |reason, message: &str| {
            Error::new(reason, message).detail(format!(
                "the ledger ends with entry {}, the witness saw entry {}",
                head.number, self.number
            ))
        };
        if head.number > 0 && book.id()? != self.ledger {
            let message = "this is not the ledger that the witness belongs to";
            return Err(compared(Reason::ForkedLedger, message).detail(format!(
                "ledger {}, witness {}",
                hex::write(&book.id()?),
                hex::write(&self.ledger)
            )));
        }
        if head.number < self.number {
            let missing = self.number - head.number;
            let (entries, are) = if missing == 1 { ("entry", "is") } else { ("entries", "are") };
            let message = "the ledger is older than its witness: an older copy was put back";
            return Err(compared(Reason::RestoredLedger, message).detail(format!(
                "{missing} {entries} {are} missing, the last one has the hash {}",
                hex::write(&self.hash)
            )));
        }
        if book.entry(self.number)?.is_some_and(|entry| entry.hash == self.hash) {
            return Ok(());
        }
        let message =
            format!("entry {} is not the one that the witness saw: the ledger was forked", self.number);
        Err(compared(Reason::ForkedLedger, &message))
    }
}

impl fmt::Display for Witness {
    /// The text of `witness.toml`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{COMMENT}")?;
        writeln!(f, "ledger = \"{}\"", hex::write(&self.ledger))?;
        writeln!(f, "number = {}", self.number)?;
        writeln!(f, "hash = \"{}\"", hex::write(&self.hash))
    }
}

impl FromStr for Witness {
    type Err = Error;

    /// Reads what `Display` writes. Comments, blank lines and line ends may differ, the three fields may not.
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
            return Err(Error::new(Reason::BadField, "the file is not a witness of a ledger"));
        };
        let witness = Self { ledger, number, hash };
        // A ledger has its first entry before it has a witness; a number in another spelling wasn't written by `Display`.
        let in_range = (1..=i64::MAX.cast_unsigned()).contains(&number);
        if !in_range || !text.contains(&format!("= {number}")) {
            return Err(Error::new(Reason::BadField, "the file is not a witness of a ledger")
                .detail("field `number`"));
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
                // The ledgers differ from their fourth entry on.
                let hash = if number < 4 { [0; 32] } else { [nonce; 32] };
                book.post(draft(Act::Restored { number, hash, note: None }))?;
            }
            Ok(())
        };
        memory.transact(post).unwrap();
        memory
    }

    fn witness(ledger: &MemoryLedger) -> Witness {
        ledger.read(|book| Witness::of(book)).unwrap()
    }

    fn refusal(witness: Witness, ledger: &MemoryLedger) -> Option<Error> {
        ledger.read(|book| witness.check(book)).err()
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
        let mut hash = seen.hash;
        hash[31] ^= 1;
        for changed in [Witness { hash, ..seen }, Witness { number: 5, ..seen }] {
            assert_eq!(refusal(changed, &six).unwrap().reason(), Reason::ForkedLedger, "{changed:?}");
        }
        let none = witness(&MemoryLedger::default());
        assert_eq!(refusal(none, &MemoryLedger::default()), None);
        assert_eq!(refusal(none, &six).unwrap().reason(), Reason::ForkedLedger);
        assert_eq!(refusal(Witness { number: 0, ..seen }, &six).unwrap().reason(), Reason::ForkedLedger);
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
        // Nobody writes the witness of an empty ledger: beside a rolled-back one it would hide everything.
        let none = witness(&MemoryLedger::default()).to_string();
        assert_eq!(none.parse::<Witness>().map_err(|error| error.reason()), Err(Reason::BadField));
    }
}
