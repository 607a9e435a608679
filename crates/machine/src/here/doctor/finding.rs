//! A finding of an examination: the check, its result, and the cause that tells what to do.

use std::borrow::Cow;

use airlatch_core::model::{DocumentId, Error, Kind};

macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// The checks; the words are stable, new ones may be added.
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
    /// The kind of a given file.
    File = "file";
    /// Damage of a given file that was repaired.
    Damage = "damage";
    /// The signature of a given file.
    Signature = "signature";
    /// The verdict on a given file.
    Verdict = "verdict";
    /// The home folder: existence, permissions, owner.
    Home = "home";
    /// Files in the home that are not read.
    Stray = "stray";
    /// The trusted vendor keys.
    Trust = "trust";
    /// An installed license.
    License = "license";
    /// The clock, compared with known times.
    Clock = "clock";
    /// The clock mark and its copies.
    Mark = "mark";
    /// The components of the host.
    Hardware = "hardware";
    /// Components that changed since a license was issued.
    Drift = "drift";
    /// The host's own key.
    Key = "key";
    /// The settings of the host.
    Settings = "settings";
    /// Recent failures in the log.
    Log = "log";
    /// The program file.
    Program = "program";
}

impl Check {
    /// The order of fixing: checks that others depend on come first.
    const fn fix_order(self) -> u8 {
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

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// In order.
    Ok,
    /// Information; nothing has to be done.
    Note,
    /// A warning: it works, but not for long, or not as expected.
    Look,
    /// An error: it does not work.
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

/// One finding. Its texts may come from files: escape control characters before printing them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// Its result.
    pub state: State,
    /// The message, in one line.
    pub message: String,
    /// A constant form of the message, without any text from outside; for support bundles.
    pub fixed_message: Option<&'static str>,
    /// Further lines, the most important first.
    pub details: Vec<String>,
    /// The error whose reason tells what to do; `None` if nothing has to be done.
    pub cause: Option<Error>,
    /// The product it is about.
    pub product: Option<String>,
    /// The document it is about.
    pub document: Option<(Kind, DocumentId)>,
    /// Whether the check could not be made, because something can't be read.
    pub unreadable: bool,
}

impl Finding {
    /// A finding without anything to do.
    pub fn new(check: Check, state: State, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        let fixed_message = match message {
            Cow::Borrowed(message) => Some(message),
            Cow::Owned(_) => None,
        };
        Self {
            check,
            state,
            message: message.into_owned(),
            fixed_message,
            details: Vec::new(),
            cause: None,
            product: None,
            document: None,
            unreadable: false,
        }
    }

    /// A finding with the state `ok`.
    pub fn ok(check: Check, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(check, State::Ok, message)
    }

    /// A finding with the state `note`.
    pub fn note(check: Check, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(check, State::Note, message)
    }

    /// A finding with the message, place and details of an error, and the error as its cause.
    pub fn of(check: Check, state: State, error: Error) -> Self {
        let mut finding = Self::new(check, state, error.message().to_owned());
        finding.details.extend(error.place().map(|place| format!("where      {place}")));
        finding.details.extend(error.details().iter().cloned());
        Self { cause: Some(error), ..finding }
    }

    /// A finding about something that can't be read.
    pub fn unreadable(check: Check, error: Error) -> Self {
        Self { unreadable: true, ..Self::of(check, State::Bad, error) }
    }

    /// With a further line.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// With a constant form of the message.
    #[must_use]
    pub fn fixed(self, message: &'static str) -> Self {
        Self { fixed_message: Some(message), ..self }
    }

    /// With a name before the message.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// With the document it is about.
    #[must_use]
    pub fn about(self, kind: Kind, id: DocumentId) -> Self {
        Self { document: Some((kind, id)), ..self }
    }

    /// With the error that tells what to do.
    #[must_use]
    pub fn because(self, cause: Error) -> Self {
        Self { cause: Some(cause), ..self }
    }
}

/// The findings that need action: those about a given file first, then errors before warnings, and checks that others depend
/// on before those.
pub fn to_do(findings: &[Finding]) -> Vec<&Finding> {
    let mut found: Vec<&Finding> = findings.iter().filter(|finding| finding.cause.is_some()).collect();
    let is_given = |finding: &Finding| finding.check.fix_order() == 0;
    found.sort_by_key(|finding| {
        (!is_given(finding), std::cmp::Reverse(finding.state), finding.check.fix_order())
    });
    found
}

/// At most five names, and the number of the others.
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
    fn checks_come_before_those_that_depend_on_them() {
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
    fn the_words_of_checks_are_distinct() {
        let mut words: Vec<_> = Check::ALL.iter().map(|check| check.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Check::ALL.len());
    }
}
