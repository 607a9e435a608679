//! The spellings of a MAC address.

/// How a MAC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `00:04:f1:14:4b:d4`
    Colons,
    /// `00-04-f1-14-4b-d4`
    Hyphens,
    /// `0004.f114.4bd4`
    Dots,
    /// `0004f1144bd4`
    Bare,
}

impl Spelling {
    /// All spellings.
    pub const ALL: [Self; 4] = [Self::Colons, Self::Hyphens, Self::Dots, Self::Bare];

    /// The word in a grant file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Colons => "colons",
            Self::Hyphens => "hyphens",
            Self::Dots => "dots",
            Self::Bare => "bare",
        }
    }

    /// The spelling of a valid address; none if its groups are those of no product rule, as in `0004f1-144bd4`.
    pub fn detect(text: &str) -> Option<Self> {
        let address = without_label(text);
        match address.chars().find(|c| matches!(c, ':' | '-' | '.')) {
            Some(':') => Some(Self::Colons),
            Some('-') => (address.matches('-').count() == 5).then_some(Self::Hyphens),
            Some(_) => Some(Self::Dots),
            None => Some(Self::Bare),
        }
    }
}

/// The text behind the word `MAC` and a colon, an equals sign or blanks, as device labels have it.
pub(super) fn without_label(text: &str) -> &str {
    let text = text.trim_start();
    let label = text.get(..3).filter(|label| label.eq_ignore_ascii_case("mac"));
    let rest = label.and_then(|label| text.strip_prefix(label)).unwrap_or(text);
    rest.trim_start_matches(|c: char| label.is_some() && (c.is_whitespace() || matches!(c, ':' | '=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_is_told_by_its_groups() {
        for (text, spelling) in [
            ("MAC: 00:04:f1:14:4b:d4", Some(Spelling::Colons)),
            ("00-04-f1-14-4b-d4", Some(Spelling::Hyphens)),
            ("0004.f114.4bd4", Some(Spelling::Dots)),
            ("mac 0004f1144bd4", Some(Spelling::Bare)),
            ("0004f1-144bd4", None),
            ("0004-f114-4bd4", None),
        ] {
            assert_eq!(Spelling::detect(text), spelling, "{text}");
        }
    }
}
