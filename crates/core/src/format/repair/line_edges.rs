//! Takes off what a program put at the edges of every line: numbers, times, names, comment and quotation marks.

use super::Accident;
use super::char_class::{Class, Glyph};
use super::charset::Reading;
use super::position::ends_line;

/// The longest edge of a line that is taken off.
const MAX_EDGE: usize = 120;

/// Takes off the edges of each block, if the line of its BEGIN has any, and all lines up to its END have the same.
///
/// The same is the same text, except for the digits of numbers: a counter or a time. Nothing is guessed: the edge of the
/// line of BEGIN is everything outside its marker.
pub(super) fn undo(glyphs: &[Glyph], name: &[u8]) -> Option<Reading> {
    let lines = lines(glyphs);
    let text = |line: usize| &glyphs[lines[line].0..lines[line].1];
    let find =
        |from: usize, word: &[u8]| (from..lines.len()).find(|&i| marker(text(i), word, name).is_some());
    let mut kept: Vec<Glyph> = Vec::new();
    // Up to where the text is copied, in glyphs; and the line after the last block.
    let (mut copied, mut behind, mut changed) = (0, 0, false);
    while let Some(first) = find(behind, b"BEGIN") {
        let Some(last) = find(first + 1, b"END") else { break };
        behind = last + 1;
        let block: Vec<&[Glyph]> = (first..=last).map(text).collect();
        let Some(bare) = without_edges(&block, name) else { continue };
        for (line, part) in (first..=last).zip(bare) {
            kept.extend(&glyphs[copied..lines[line].0]);
            kept.extend(part);
            copied = lines[line].1;
        }
        changed = true;
    }
    kept.extend(&glyphs[copied..]);
    changed.then(|| Reading { glyphs: kept, accidents: vec![Accident::LineEdges] })
}

/// The lines of a block without their edges; `None` if they have none, or not all the same.
fn without_edges<'a>(block: &[&'a [Glyph]], name: &[u8]) -> Option<Vec<&'a [Glyph]>> {
    let first = block.first()?;
    let (from, to) = marker(first, b"BEGIN", name)?;
    let prefix = Edge::of(&first[..from])?;
    let suffix = Edge::of(trimmed(&first[to..]))?;
    let is_encoded = prefix.has_encoding() || suffix.has_encoding();
    if prefix.is_layout() && suffix.is_layout() || is_encoded {
        return None;
    }
    let bare = |(i, line): (usize, &&'a [Glyph])| {
        if !line.iter().any(|glyph| Class::of(glyph.c).is_significant()) {
            return Some(*line);
        }
        // Behind END other text may follow.
        let end = if i + 1 == block.len() { line.len() } else { suffix.match_end(line)? };
        line.get(prefix.match_start(line)?..end)
    };
    block.iter().enumerate().map(bare).collect()
}

/// Takes off the marks of emphasis that stand at the edges of some lines: `*` and the backtick.
pub(super) fn without_emphasis(glyphs: &[Glyph]) -> Option<Reading> {
    let is_mark = |glyph: &Glyph| matches!(glyph.c, '*' | '`');
    let is_edge = |glyph: &&Glyph| is_mark(glyph) || !Class::of(glyph.c).is_significant();
    if !glyphs.iter().any(is_mark) {
        return None;
    }
    let mut kept = Vec::with_capacity(glyphs.len());
    let mut from = 0;
    for (start, end) in lines(glyphs) {
        kept.extend(&glyphs[from..start]);
        let text = &glyphs[start..end];
        let left = text.iter().take_while(is_edge).count();
        let right = text[left..].iter().rev().take_while(is_edge).count();
        let keep = |part: &[Glyph], kept: &mut Vec<Glyph>| kept.extend(part.iter().filter(|it| !is_mark(it)));
        keep(&text[..left], &mut kept);
        kept.extend(&text[left..text.len() - right]);
        keep(&text[text.len() - right..], &mut kept);
        from = end;
    }
    kept.extend(&glyphs[from..]);
    let changed = kept.len() < glyphs.len();
    changed.then(|| Reading { glyphs: kept, accidents: vec![Accident::Emphasis] })
}

/// The lines of the text, without their line ends.
fn lines(glyphs: &[Glyph]) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for i in 0..glyphs.len() {
        if ends_line(glyphs, i) {
            let text = &glyphs[start..i];
            let layout = text.iter().rev().take_while(|glyph| Class::of(glyph.c) == Class::Newline).count();
            lines.push((start, i - layout));
            start = i + 1;
        }
    }
    lines.push((start, glyphs.len()));
    lines
}

/// Where a marker stands in a line, with the dashes around it.
fn marker(line: &[Glyph], word: &[u8], name: &[u8]) -> Option<(usize, usize)> {
    let letters: Vec<(usize, u8)> = line
        .iter()
        .enumerate()
        .filter(|(_, glyph)| Class::of(glyph.c) == Class::Base64)
        .map(|(i, glyph)| (i, (glyph.c as u8).to_ascii_uppercase()))
        .collect();
    let wanted: Vec<u8> = [word, name].concat();
    let begin = letters
        .windows(wanted.len())
        .position(|window| window.iter().map(|it| it.1).eq(wanted.iter().copied()))?;
    let is_dash = |i: usize| Class::of(line[i].c) == Class::Dash;
    let is_gap = |i: usize| !Class::of(line[i].c).is_significant();
    let mut from = letters[begin].0;
    // Blanks belong to the marker only between its dashes and its words.
    let words = from;
    while from > 0 && (is_dash(from - 1) || is_gap(from - 1)) {
        from -= 1;
    }
    while from < words && is_gap(from) {
        from += 1;
    }
    // The dashes behind the words, whatever the label is.
    let behind = (letters[begin + wanted.len() - 1].0..line.len()).find(|&i| is_dash(i));
    let to = match behind {
        Some(dash) => (dash..line.len()).find(|&i| !is_dash(i)).unwrap_or(line.len()),
        None => line.len(),
    };
    Some((from, to))
}

fn trimmed(text: &[Glyph]) -> &[Glyph] {
    let blanks = text.iter().rev().take_while(|glyph| !Class::of(glyph.c).is_significant()).count();
    &text[..text.len() - blanks]
}

/// What stands at the edge of a line.
struct Edge(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number of any length.
    Digits,
    /// Any blanks, or none at the start.
    Blanks,
    /// This character.
    Exactly(char),
}

impl Edge {
    /// The edge that this text is one of; `None` if it is too long, or ends or begins with a number right at the base64.
    fn of(text: &[Glyph]) -> Option<Self> {
        if text.len() > MAX_EDGE {
            return None;
        }
        let mut parts: Vec<Part> = Vec::new();
        for glyph in text {
            let part = match Class::of(glyph.c) {
                _ if glyph.c.is_ascii_digit() => Part::Digits,
                class if !class.is_significant() && class != Class::Quote => Part::Blanks,
                _ => Part::Exactly(glyph.c),
            };
            if !matches!(
                (parts.last(), part),
                (Some(Part::Digits), Part::Digits) | (Some(Part::Blanks), Part::Blanks)
            ) {
                parts.push(part);
            }
        }
        (parts.last() != Some(&Part::Digits)).then_some(Self(parts))
    }

    fn is_layout(&self) -> bool {
        self.0.iter().all(|part| *part == Part::Blanks || matches!(part, Part::Exactly('>' | '|')))
    }

    /// Whether it may be a piece of HTML or quoted-printable, which is decoded as that.
    fn has_encoding(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Exactly('&' | '<' | '=')))
    }

    /// The length of this edge at the start of a line.
    fn match_start(&self, line: &[Glyph]) -> Option<usize> {
        let is_blank =
            |glyph: &&Glyph| !Class::of(glyph.c).is_significant() && Class::of(glyph.c) != Class::Quote;
        // Right-aligned numbers have blanks before them in some lines only.
        let mut at = line.iter().take_while(is_blank).count();
        for (i, part) in self.0.iter().enumerate() {
            let rest = &line[at..];
            let length = match part {
                Part::Blanks if i == 0 => 0,
                Part::Blanks => rest.iter().take_while(is_blank).count(),
                Part::Digits => {
                    Some(rest.iter().take_while(|it| it.c.is_ascii_digit()).count()).filter(|it| *it > 0)?
                }
                Part::Exactly(c) => rest.first().filter(|glyph| glyph.c == *c).map(|_| 1)?,
            };
            at += length;
        }
        Some(at)
    }

    /// Where this edge begins at the end of a line.
    fn match_end(&self, line: &[Glyph]) -> Option<usize> {
        let text = trimmed(line);
        let mut end = text.len();
        for part in self.0.iter().rev() {
            match part {
                Part::Blanks => end -= text[..end].len() - trimmed(&text[..end]).len(),
                Part::Exactly(c) if end > 0 && text[end - 1].c == *c => end -= 1,
                _ => return None,
            }
        }
        Some(end)
    }
}
