//! Typed codes: five groups of four characters and a check character, safe to read out over a telephone.

use std::fmt;

use super::{Error, Reason, Result, Subject};

/// What a typed code names. The kind is part of every check character, so a code of one kind is not valid as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// An installation.
    System,
    /// The hardware it runs on.
    Locking,
    /// A public key.
    Key,
    /// An order: the authorization code.
    Order,
    /// A site.
    Site,
    /// A sealed document.
    Document,
    /// The settings of a virtual machine: the Locking ID of one.
    VirtualLocking,
    /// The settings of a container: the Locking ID of one.
    ContainerLocking,
}

impl CodeKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::System,
        Self::Locking,
        Self::Key,
        Self::Order,
        Self::Site,
        Self::Document,
        Self::VirtualLocking,
        Self::ContainerLocking,
    ];

    /// The kinds that are read where this one is asked for: a Locking ID may be of any kind of host.
    const fn accepted(self) -> &'static [Self] {
        match self {
            Self::System => &[Self::System],
            Self::Locking | Self::VirtualLocking | Self::ContainerLocking => {
                &[Self::Locking, Self::VirtualLocking, Self::ContainerLocking]
            }
            Self::Key => &[Self::Key],
            Self::Order => &[Self::Order],
            Self::Site => &[Self::Site],
            Self::Document => &[Self::Document],
        }
    }

    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "System ID",
            Self::Locking | Self::VirtualLocking | Self::ContainerLocking => "Locking ID",
            Self::Key => "key id",
            Self::Order => "authorization code",
            Self::Site => "site serial",
            Self::Document => "document id",
        }
    }

    /// The name with `a` or `an` before it.
    pub const fn name_with_article(self) -> &'static str {
        match self {
            Self::System => "a System ID",
            Self::Locking | Self::VirtualLocking | Self::ContainerLocking => "a Locking ID",
            Self::Key => "a key id",
            Self::Order => "an authorization code",
            Self::Site => "a site serial",
            Self::Document => "a document id",
        }
    }

    /// The check constant of a group, an element of GF(32): another one for each kind that may be confused with it.
    ///
    /// Two elements were left for the kinds of Locking ID that came later. They share the constants of the first two
    /// groups, which are the same components on every kind of host. The three others differ, so one wrong character
    /// never makes a Locking ID one of another kind of host.
    const fn check_constant(self, group: usize) -> u32 {
        match self {
            Self::VirtualLocking => [5, 6, 30, 31, 7][group],
            Self::ContainerLocking => [5, 6, 31, 9, 30][group],
            _ => self as u32 * GROUPS as u32 + group as u32,
        }
    }
}

const GROUPS: usize = 5;
const GROUP_LENGTH: usize = 5;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A typed code: 100 bits in five groups, each group with its own check character.
///
/// ```
/// use airlatch_core::model::{Code, CodeKind};
/// let code = Code::from_digest(CodeKind::System, &[7; 32]);
/// let typed = code.to_string().to_lowercase().replace('-', " ");
/// assert_eq!(Code::parse(&typed, CodeKind::System)?, code);
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    kind: u8,
    groups: [u32; GROUPS],
}

impl Code {
    /// A code of `kind` from five 20-bit values.
    pub fn from_groups(kind: CodeKind, groups: [u32; GROUPS]) -> Self {
        Self { kind: kind as u8, groups: groups.map(|g| g & 0xF_FFFF) }
    }

    /// A code of `kind` from the first 100 bits of a digest.
    pub fn from_digest(kind: CodeKind, digest: &[u8; 32]) -> Self {
        let mut bits = 0u128;
        for byte in &digest[..13] {
            bits = bits << 8 | u128::from(*byte);
        }
        bits >>= 4;
        Self::from_groups(kind, std::array::from_fn(|i| (bits >> (20 * (GROUPS - 1 - i))) as u32))
    }

    /// What the code names.
    pub fn kind(&self) -> CodeKind {
        CodeKind::ALL[usize::from(self.kind)]
    }

    /// The five 20-bit values.
    pub fn groups(&self) -> [u32; GROUPS] {
        self.groups
    }

    /// Reads a code of the given kind as a person types it: any case, `O` for `0`, `I` and `L` for `1`, with or
    /// without blanks and dashes.
    ///
    /// # Errors
    /// `bad-code` names the group that is wrong; `wrong-code` when it is a good code of another kind.
    pub fn parse(text: &str, kind: CodeKind) -> Result<Self> {
        let digits = digits(text, kind.name())?;
        let (mut wrong, mut kind) = (wrong_groups(&digits, kind), kind);
        for other in kind.accepted() {
            let wrong_there = wrong_groups(&digits, *other);
            if wrong_there.len() < wrong.len() {
                (wrong, kind) = (wrong_there, *other);
            }
        }
        if wrong.is_empty() {
            return Ok(Self::from_digits(&digits, kind));
        }
        if let Some(other) = CodeKind::ALL.into_iter().find(|k| wrong_groups(&digits, *k).is_empty()) {
            let what = format!("this is {}, not {}", other.name_with_article(), kind.name_with_article());
            let code = Self::from_digits(&digits, other).to_string();
            return Err(Error::new(Reason::WrongCode, what).about(Subject::Code(code)));
        }
        Err(mistyped(&digits, &wrong, kind))
    }

    /// Reads a code of whatever kind its check characters say.
    ///
    /// # Errors
    /// `bad-code` names the group that is wrong.
    pub fn parse_any(text: &str) -> Result<Self> {
        let digits = digits(text, "code")?;
        let kinds = CodeKind::ALL.into_iter().map(|kind| (wrong_groups(&digits, kind), kind));
        match kinds.min_by_key(|(wrong, _)| wrong.len()) {
            Some((wrong, kind)) if wrong.is_empty() => Ok(Self::from_digits(&digits, kind)),
            Some((wrong, kind)) if wrong.len() < GROUPS => Err(mistyped(&digits, &wrong, kind)),
            _ => Err(Error::new(Reason::BadCode, "no group of this code fits its check character")),
        }
    }

    fn from_digits(digits: &[u8; GROUPS * GROUP_LENGTH], kind: CodeKind) -> Self {
        let groups = std::array::from_fn(|g| {
            let start = g * GROUP_LENGTH;
            digits[start..start + 4].iter().fold(0, |bits, digit| bits << 5 | u32::from(*digit))
        });
        Self::from_groups(kind, groups)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(29);
        for (index, group) in self.groups.iter().enumerate() {
            let digits: [u8; 4] = std::array::from_fn(|i| (group >> (5 * (3 - i)) & 31) as u8);
            if index > 0 {
                text.push('-');
            }
            let all = digits.into_iter().chain([check_value(&digits, self.kind().check_constant(index))]);
            text.extend(all.map(|digit| char::from(ALPHABET[usize::from(digit)])));
        }
        f.write_str(&text)
    }
}

/// The check value of a group: a weighted sum over GF(32). The weights are powers of a primitive element, so every
/// single wrong character and every swap of neighbours changes the sum.
fn check_value(digits: &[u8], constant: u32) -> u8 {
    let mut sum = 0;
    for digit in digits.iter().rev() {
        sum = times_alpha(sum ^ digit);
    }
    sum ^ constant as u8
}

/// Multiplication by x in GF(2)[x] / (x^5 + x^2 + 1).
fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

/// The groups, counted from 1, whose check character does not fit.
fn wrong_groups(digits: &[u8; GROUPS * GROUP_LENGTH], kind: CodeKind) -> Vec<usize> {
    let fits = |g: usize| {
        let group = &digits[g * GROUP_LENGTH..(g + 1) * GROUP_LENGTH];
        check_value(&group[..4], kind.check_constant(g)) == group[4]
    };
    (0..GROUPS).filter(|g| !fits(*g)).map(|g| g + 1).collect()
}

/// Whether two groups stand in each other's place: each place has its own check characters.
fn are_swapped(digits: &[u8; GROUPS * GROUP_LENGTH], [one, other]: [usize; 2], kind: CodeKind) -> bool {
    let mut swapped = *digits;
    for at in 0..GROUP_LENGTH {
        swapped.swap((one - 1) * GROUP_LENGTH + at, (other - 1) * GROUP_LENGTH + at);
    }
    wrong_groups(&swapped, kind).is_empty()
}

fn mistyped(digits: &[u8; GROUPS * GROUP_LENGTH], wrong: &[usize], kind: CodeKind) -> Error {
    let name = kind.name();
    if let [one, other] = *wrong
        && are_swapped(digits, [one, other], kind)
    {
        return Error::new(Reason::BadCode, format!("groups {one} and {other} of this {name} are swapped"));
    }
    if wrong.len() == GROUPS {
        return Error::new(Reason::BadCode, format!("no group of this {name} fits its check character"));
    }
    let list = wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (noun, verb) = if wrong.len() == 1 { ("group", "has") } else { ("groups", "have") };
    Error::new(Reason::BadCode, format!("{noun} {list} of this {name} {verb} a mistyped character"))
}

/// The 25 typed characters as values from 0 to 31; the error names the group with the wrong length or character.
fn digits(text: &str, name: &str) -> Result<[u8; GROUPS * GROUP_LENGTH]> {
    let bad = |message: String| Error::new(Reason::BadCode, message);
    let (mut values, mut groups) = (Vec::new(), vec![0usize]);
    for c in text.trim().chars() {
        if c.is_whitespace() || super::mac_mistake::is_dash(c) {
            groups.push(0);
            continue;
        }
        let Some(value) = value_of(c) else {
            let group = groups.iter().filter(|n| **n > 0).count().max(1);
            return Err(bad(format!("`{c}` (U+{:04X}) in group {group} is in no {name}", u32::from(c))));
        };
        if values.len() == 64 {
            return Err(bad(format!("this is far too long to be the {name}")));
        }
        values.push(value);
        if let Some(last) = groups.last_mut() {
            *last += 1;
        }
    }
    groups.retain(|length| *length > 0);
    if groups.len() == GROUPS
        && let Some(odd) = groups.iter().position(|length| *length != GROUP_LENGTH)
    {
        return Err(bad(format!(
            "group {} of this {name} has {} characters, not {GROUP_LENGTH}",
            odd + 1,
            groups[odd]
        )));
    }
    let count = values.len();
    values.try_into().map_err(|_| bad(format!("25 characters in 5 groups make the {name}, this has {count}")))
}

fn value_of(c: char) -> Option<u8> {
    let upper = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|a| char::from(*a) == upper).map(|p| p as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(kind: CodeKind) -> Code {
        let digest: [u8; 32] = std::array::from_fn(|i| (i * 37 + kind as usize * 11 + 5) as u8);
        Code::from_digest(kind, &digest)
    }

    #[test]
    fn every_kind_reads_its_own_and_names_the_others() {
        for kind in CodeKind::ALL {
            let code = sample(kind);
            let text = code.to_string();
            assert_eq!(Code::parse(&text, kind), Ok(code));
            assert_eq!(Code::parse_any(&text), Ok(code));
            for other in kind.accepted() {
                assert_eq!(Code::parse(&text, *other), Ok(code), "a Locking ID is read whatever its host is");
            }
            for other in CodeKind::ALL.into_iter().filter(|o| !kind.accepted().contains(o)) {
                assert_eq!(Code::parse(&text, other).unwrap_err().reason(), Reason::WrongCode);
            }
        }
    }

    #[test]
    fn every_single_wrong_character_and_every_swap_is_found_and_its_group_named() {
        CodeKind::ALL.into_iter().for_each(mistakes_are_found_and_named);
    }

    fn mistakes_are_found_and_named(kind: CodeKind) {
        let text = sample(kind).to_string();
        let bytes = text.as_bytes();
        for at in (0..bytes.len()).filter(|i| bytes[*i] != b'-') {
            let group = format!("group {}", at / 6 + 1);
            for other in ALPHABET.iter().filter(|a| **a != bytes[at]) {
                let mut typed = bytes.to_vec();
                typed[at] = *other;
                let error = Code::parse(std::str::from_utf8(&typed).unwrap(), kind).unwrap_err();
                assert!(error.message().starts_with(&group), "{error}");
            }
        }
        let bare: Vec<u8> = bytes.iter().copied().filter(|b| *b != b'-').collect();
        for at in (0..24).filter(|i| bare[*i] != bare[*i + 1]) {
            let mut typed = bare.clone();
            typed.swap(at, at + 1);
            assert!(Code::parse(std::str::from_utf8(&typed).unwrap(), kind).is_err(), "swap at {at}");
        }
    }

    #[test]
    fn groups_can_not_change_places() {
        let text = sample(CodeKind::Order).to_string();
        let mut groups: Vec<_> = text.split('-').collect();
        groups.swap(1, 3);
        let swapped = groups.join("-");
        let error = Code::parse(&swapped, CodeKind::Order).unwrap_err();
        assert_eq!(error.reason(), Reason::BadCode);
        assert_eq!(error.message(), "groups 2 and 4 of this authorization code are swapped");
        assert_eq!(Code::parse_any(&swapped).unwrap_err(), error);
        groups.swap(0, 1);
        let error = Code::parse(&groups.join("-"), CodeKind::Order).unwrap_err();
        assert!(!error.message().contains("swapped"), "three in a circle are no swap: {error}");
    }

    #[test]
    fn people_may_type_it_their_way() {
        let code = Code::from_groups(CodeKind::Site, [0, 1, 0x8421, 0xF_FFFF, 17]);
        let typed = code.to_string().replace('0', "o").replace('1', "l").replace('-', " \u{2013} ");
        assert_eq!(Code::parse(&typed.to_lowercase(), CodeKind::Site), Ok(code));
        assert_eq!(Code::parse(&code.to_string().replace('-', ""), CodeKind::Site), Ok(code));
    }

    #[test]
    fn the_message_names_the_mistake() {
        let message = |text: &str| Code::parse(text, CodeKind::System).unwrap_err().message().to_owned();
        let text = sample(CodeKind::System).to_string();
        assert!(
            message(&text[..28]).contains("group 5 of this System ID has 4 characters"),
            "{}",
            message(&text[..28])
        );
        assert!(message("").contains("this has 0"));
        assert!(message(&text.replacen('-', "-\u{0430}", 1)).contains("U+0430"));
        assert!(message(&text.repeat(9)).contains("far too long"));
    }
}
