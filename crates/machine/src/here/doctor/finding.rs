//! What a look at a host finds, as values: one check, how it stands, and what to do about it.

use std::borrow::Cow;

use airlatch_core::model::{DocumentId, Error, Kind};

macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// What was looked at, in the order worth checking; the words are stable, new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Check {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Check {
            /// Every check, the cheapest and likeliest first.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word, as in `--json`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

checks! {
    /// What a given file is.
    File = "file";
    /// What happened to a given file on its way.
    Damage = "damage";
    /// Whether a given file is whole, and whose it is.
    Signature = "signature";
    /// What a given file is worth here.
    Verdict = "verdict";
    /// The folder of this host: there, readable, writable, whose.
    Home = "home";
    /// What stands in that folder and is not read.
    Stray = "stray";
    /// The vendors' keys.
    Trust = "trust";
    /// An installed license.
    License = "license";
    /// The clock against what is known of the time.
    Clock = "clock";
    /// What this host remembers, and where.
    Mark = "mark";
    /// What the host shows of itself.
    Hardware = "hardware";
    /// What of the hardware changed since a license was made.
    Drift = "drift";
    /// The host's own key.
    Key = "key";
    /// What the host was told about itself.
    Settings = "settings";
    /// What failed lately.
    Log = "log";
    /// The program itself.
    Program = "program";
}

impl Check {
    /// How early it is mended: what others hang on comes first.
    const fn cause(self) -> u8 {
        match self {
            Self::File | Self::Damage | Self::Signature | Self::Verdict => 0,
            Self::Home => 1,
            Self::Key => 2,
            Self::Clock | Self::Mark => 3,
            Self::Trust => 4,
            Self::Hardware | Self::Drift => 5,
            Self::Stray => 6,
            Self::License => 7,
            Self::Settings | Self::Log | Self::Program => 8,
        }
    }
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it should be.
    Ok,
    /// Worth knowing; nothing has to be done.
    Note,
    /// It works, but not for long, or not as somebody may think.
    Look,
    /// It does not work.
    Bad,
}

impl State {
    /// The stable word: `ok`, `note`, `look`, `bad`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Look => "look",
            Self::Bad => "bad",
        }
    }
}

/// What one check found. Its texts may come from files: make them visible before printing them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it stands.
    pub state: State,
    /// In one line.
    pub what: String,
    /// The same where it is a sentence of the program's own, into which nothing came from outside.
    pub words: Option<&'static str>,
    /// Further lines, most telling first.
    pub details: Vec<String>,
    /// Why, with the reason that says what to do next; none where nothing is to be done.
    pub cause: Option<Error>,
    /// The product it is about, for the command to type.
    pub product: Option<String>,
    /// The document it is about.
    pub document: Option<(Kind, DocumentId)>,
    /// It could not be looked at, so nothing is known.
    pub unseen: bool,
}

impl Finding {
    /// A finding without anything to do.
    pub fn new(check: Check, state: State, what: impl Into<Cow<'static, str>>) -> Self {
        let what = what.into();
        let words = match what {
            Cow::Borrowed(words) => Some(words),
            Cow::Owned(_) => None,
        };
        Self {
            check,
            state,
            what: what.into_owned(),
            words,
            details: Vec::new(),
            cause: None,
            product: None,
            document: None,
            unseen: false,
        }
    }

    /// As it should be.
    pub fn ok(check: Check, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(check, State::Ok, what)
    }

    /// Worth knowing.
    pub fn note(check: Check, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(check, State::Note, what)
    }

    /// Something is wrong: the error says what, where, and by its reason what to do.
    pub fn of(check: Check, state: State, error: Error) -> Self {
        let mut finding = Self::new(check, state, error.message().to_owned());
        finding.details.extend(error.place().map(|place| format!("where      {place}")));
        finding.details.extend(error.details().iter().cloned());
        Self { cause: Some(error), ..finding }
    }

    /// Something could not be looked at.
    pub fn unseen(check: Check, error: Error) -> Self {
        Self { unseen: true, ..Self::of(check, State::Bad, error) }
    }

    /// With a further line.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Says it without what came from outside.
    #[must_use]
    pub fn saying(self, words: &'static str) -> Self {
        Self { words: Some(words), ..self }
    }

    /// Says in front what it is about.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.what = format!("{name}: {}", self.what);
        self
    }

    /// With the document it is about.
    #[must_use]
    pub fn about(self, kind: Kind, id: DocumentId) -> Self {
        Self { document: Some((kind, id)), ..self }
    }

    /// With what to do, which its reason says.
    #[must_use]
    pub fn because(self, cause: Error) -> Self {
        Self { cause: Some(cause), ..self }
    }
}

/// The findings for which something is to be done, the likeliest to help first: a given file, then the worst before the
/// rest, and what others hang on before those.
pub fn to_do(findings: &[Finding]) -> Vec<&Finding> {
    let mut found: Vec<&Finding> = findings.iter().filter(|finding| finding.cause.is_some()).collect();
    let given = |finding: &Finding| finding.check.cause() == 0;
    found.sort_by_key(|finding| (!given(finding), std::cmp::Reverse(finding.state), finding.check.cause()));
    found
}

/// Few names, and how many more there are.
pub(super) fn few(names: &[String]) -> String {
    const SHOWN: usize = 5;
    match names.len() {
        n if n > SHOWN => format!("{} and {} more", names[..SHOWN].join(", "), n - SHOWN),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airlatch_core::model::Reason;

    #[test]
    fn causes_come_before_what_hangs_on_them() {
        let bad = |check| Finding::of(check, State::Bad, Error::new(Reason::Io, "x"));
        let found = [
            bad(Check::License),
            Finding::of(Check::Home, State::Look, Error::new(Reason::Io, "x")),
            Finding::note(Check::Trust, "nothing to do"),
            bad(Check::Key),
        ];
        let order: Vec<_> = to_do(&found).iter().map(|finding| finding.check).collect();
        assert_eq!(order, [Check::Key, Check::License, Check::Home]);
    }

    #[test]
    fn no_word_stands_for_two_checks() {
        let mut words: Vec<_> = Check::ALL.iter().map(|check| check.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Check::ALL.len());
    }
}
