//! Finds BEGIN and END markers, independent of blanks, line breaks, case and kinds of dashes.

use crate::model::Kind;

use super::char_class::{Class, Glyph};
use super::position::ends_line;

/// What stands between two markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A sealed document.
    Document(Kind),
    /// A public key, as PEM.
    PublicKey,
}

impl Label {
    /// Its words in an undamaged marker.
    pub(super) fn words(self) -> String {
        match self {
            Self::Document(kind) => format!("AIRLATCH {}", kind.armor()),
            Self::PublicKey => "PUBLIC KEY".into(),
        }
    }

    /// What people call it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.word(),
            Self::PublicKey => "public key",
        }
    }

    /// Whether it is a document of this kind.
    pub(super) fn is(self, kind: Kind) -> bool {
        self == Self::Document(kind)
    }
}

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Documents,
    PublicKey,
}

impl Wanted {
    /// The letters that all its markers have after BEGIN or END.
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Self::Documents => b"AIRLATCH",
            Self::PublicKey => b"PUBLICKEY",
        }
    }

    /// The label whose letters follow that name, and their number.
    fn label(self, behind: &[u8]) -> Option<(Label, usize)> {
        if self == Self::PublicKey {
            return Some((Label::PublicKey, 0));
        }
        let letters = |kind: Kind| -> Vec<u8> { kind.armor().bytes().filter(|&b| b != b' ').collect() };
        let kind = Kind::ALL.into_iter().find(|&kind| behind.starts_with(&letters(kind)))?;
        Some((Label::Document(kind), letters(kind).len()))
    }
}

/// The significant characters of a text, without layout: upper-case ASCII, `-` for any dash, 0xff for others. `index` has
/// their positions in the text.
pub(super) struct SignificantText {
    pub(super) chars: Vec<u8>,
    pub(super) index: Vec<u32>,
}

impl SignificantText {
    pub(super) fn of(text: &[Glyph]) -> Self {
        let mut significant =
            Self { chars: Vec::with_capacity(text.len()), index: Vec::with_capacity(text.len()) };
        for (i, glyph) in text.iter().enumerate() {
            let class = Class::of(glyph.c);
            if !class.is_significant() {
                continue;
            }
            significant.chars.push(match class {
                Class::Dash => b'-',
                _ if glyph.c.is_ascii() => (glyph.c as u8).to_ascii_uppercase(),
                _ => 0xff,
            });
            significant.index.push(i as u32);
        }
        significant
    }

    /// The position in the text of significant character `i`; behind the last one, the length of the text.
    pub(super) fn place(&self, i: usize, text: &[Glyph]) -> usize {
        self.index.get(i).map_or(text.len(), |&i| i as usize)
    }
}

/// A marker; its positions count significant characters.
#[derive(Debug, Clone)]
pub(super) struct Marker {
    pub(super) begins: bool,
    /// `None` for an unknown kind.
    pub(super) label: Option<Label>,
    /// Its first dash.
    pub(super) from: usize,
    /// Begin and end of its words.
    pub(super) words: (usize, usize),
    /// The position behind its last dash.
    pub(super) to: usize,
    /// Whether its lines have no other text.
    pub(super) alone: bool,
}

impl Marker {
    /// Whether it has a dash or is alone in its lines. Otherwise it may be prose, and is used only if there is no clear one.
    pub(super) fn is_clear(&self) -> bool {
        self.alone || self.dashes() != (0, 0)
    }

    /// The number of dashes before and after the words.
    pub(super) fn dashes(&self) -> (usize, usize) {
        (self.words.0 - self.from, self.to - self.words.1)
    }
}

/// The number of dashes on each side of an undamaged marker.
pub(super) const DASHES: usize = 5;

/// All markers of what is wanted, in order.
pub(super) fn find(significant: &SignificantText, text: &[Glyph], wanted: Wanted) -> Vec<Marker> {
    let chars = &significant.chars[..];
    let name = wanted.name();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = chars[at..].windows(name.len()).position(|window| window == name) {
        let from = at + next;
        at = from + name.len();
        found.extend(marker(significant, from, text, wanted));
    }
    found
}

fn marker(significant: &SignificantText, name: usize, text: &[Glyph], wanted: Wanted) -> Option<Marker> {
    let chars = &significant.chars[..];
    let length = wanted.name().len();
    let (before, behind) = (&chars[..name], &chars[name + length..]);
    let (begins, first) = match before {
        [.., b'B', b'E', b'G', b'I', b'N'] => (true, name - 5),
        [.., b'E', b'N', b'D'] => (false, name - 3),
        _ => return None,
    };
    let label = wanted.label(behind);
    let last = name + length + label.map_or(0, |(_, letters)| letters);
    let left = chars[..first].iter().rev().take_while(|&&b| b == b'-').count();
    let right = chars[last..].iter().take_while(|&&b| b == b'-').count();
    // More than five dashes on the outer side belong to the surrounding text; on the inner side there is no such text.
    let (left, right) = if begins { (left.min(DASHES), right) } else { (left, right.min(DASHES)) };
    let (from, to) = (first - left, last + right);
    let breaks = |behind: usize| {
        // Between two significant characters there is only layout.
        let start = behind.checked_sub(1).map_or(0, |i| significant.place(i, text) + 1);
        (start..significant.place(behind, text)).any(|i| ends_line(text, i))
    };
    let alone = (from == 0 || breaks(from)) && (to == chars.len() || breaks(to));
    let label = label.map(|(label, _)| label);
    Some(Marker { begins, label, from, words: (first, last), to, alone })
}

/// A BEGIN and the END that closes it, if there is one.
pub(super) struct Pair<'a> {
    pub(super) begin: &'a Marker,
    pub(super) end: Option<&'a Marker>,
    /// The next BEGIN, if there is one.
    pub(super) next: Option<&'a Marker>,
}

/// Pairs each BEGIN with the next END before the next BEGIN. Markers in prose are used only if there is no clear one, since a
/// mail may mention "BEGIN AIRLATCH LICENSE".
pub(super) fn pair(markers: &[Marker]) -> Vec<Pair<'_>> {
    let known = |begins: bool| markers.iter().filter(move |m| m.begins == begins && m.label.is_some());
    let any_clear = known(true).any(Marker::is_clear);
    let begins: Vec<_> = known(true).filter(|m| m.is_clear() || !any_clear).collect();
    let clear: Vec<_> = known(false).filter(|m| m.is_clear()).collect();
    let unclear: Vec<_> = known(false).filter(|m| !m.is_clear()).collect();
    begins
        .iter()
        .enumerate()
        .map(|(i, &begin)| {
            let next = begins.get(i + 1).copied();
            let before = next.map_or(usize::MAX, |next| next.words.0);
            let end = closing(&clear, begin.to, before).or_else(|| closing(&unclear, begin.to, before));
            Pair { begin, end, next }
        })
        .collect()
}

fn closing<'a>(ends: &[&'a Marker], from: usize, before: usize) -> Option<&'a Marker> {
    let i = ends.partition_point(|end| end.words.0 < from);
    ends.get(i).copied().filter(|end| end.words.0 < before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markers(text: &str) -> Vec<Marker> {
        let glyphs: Vec<_> = text.char_indices().map(|(at, c)| Glyph { c, at: at as u32 }).collect();
        find(&SignificantText::of(&glyphs), &glyphs, Wanted::Documents)
    }

    #[test]
    fn markers_are_found_in_any_layout() {
        for text in [
            "-----BEGIN AIRLATCH KEY CERTIFICATE-----",
            "-----Begin Airlatch Key  Certificate-----",
            "—-BEGIN AIRLATCH\nKEY\nCERTIFICATE—-",
            "> BEGIN AIR\n> LATCH KEY CERTIFICATE",
            "xBEGINAIRLATCHKEYCERTIFICATEx",
        ] {
            let found = markers(text);
            assert_eq!(found.len(), 1, "{text:?}");
            assert!(found[0].begins && found[0].label == Some(Label::Document(Kind::KeyCertificate)));
        }
        assert!(markers("airlatch begin license; the airlatch license").is_empty());
        assert_eq!(markers("-----BEGIN AIRLATCH ORDER-----")[0].label, None);
    }

    #[test]
    fn prose_does_not_hide_the_block() {
        let found = markers(
            "from begin airlatch license to end airlatch license: -BEGIN AIRLATCH LICENSE- x -END AIRLATCH LICENSE-",
        );
        let pairs = pair(&found);
        assert_eq!(pairs.len(), 1);
        assert!(pairs[0].begin.is_clear() && pairs[0].end.is_some_and(Marker::is_clear));
    }
}
