//! Compares a block with its canonical form, and reports each difference.

use std::ops::Range;

use super::Accident;
use super::body::{Body, WIDTH};
use super::char_class::{Class, Glyph};
use super::marker::{DASHES, Label, Marker, SignificantText};
use super::position::ends_line;

/// A block in its text.
pub(super) struct Region<'a> {
    pub(super) text: &'a [Glyph],
    pub(super) significant: &'a SignificantText,
    pub(super) begin: &'a Marker,
    pub(super) end: &'a Marker,
    pub(super) body: &'a Body,
}

/// The damage found, each with its offset in the file; `None` for the whole file.
pub(super) type Seen = Vec<(Accident, Option<u32>)>;

/// The range between two markers; empty if they share their dashes.
pub(super) fn inside(
    text: &[Glyph],
    significant: &SignificantText,
    begin: &Marker,
    end: &Marker,
) -> Range<usize> {
    let start = significant.place(begin.to - 1, text) + 1;
    start..significant.place(end.from, text).max(start)
}

/// The offset of the first content character between two positions in significant characters.
pub(super) fn significant_between(
    significant: &SignificantText,
    from: usize,
    to: usize,
    text: &[Glyph],
) -> Option<u32> {
    (from..to)
        .map(|number| text[significant.place(number, text)])
        .find(|&glyph| is_content(glyph))
        .map(|glyph| glyph.at)
}

/// Whether a character is content: not layout, quoting or padding.
fn is_content(glyph: Glyph) -> bool {
    Class::of(glyph.c).is_significant() && !matches!(glyph.c, '\0' | '\u{1a}')
}

/// Reports all differences from the canonical block.
pub(super) fn region(region: &Region<'_>, seen: &mut Seen) {
    let text = region.text;
    let first = region.significant.place(region.begin.from, text);
    let last = region.significant.place(region.end.to - 1, text) + 1;
    let inside = inside(text, region.significant, region.begin, region.end);
    layout(text, first, last, inside.clone(), seen);
    for marker in [region.begin, region.end] {
        label(region, marker, seen);
    }
    let breaks = |mut places: &mut dyn Iterator<Item = usize>, at_edge: bool| {
        let next = (&mut places).find(|&i| ends_line(text, i) || is_content(text[i]));
        next.map_or(at_edge, |i| ends_line(text, i))
    };
    let alone = breaks(&mut (0..first).rev(), true)
        && breaks(&mut inside.clone(), false)
        && breaks(&mut inside.rev(), false)
        && breaks(&mut (last..text.len()), true);
    if !alone {
        seen.push((Accident::ReWrapped, Some(text[first].at)));
    }
    if let Some((tail, full)) = region.body.lines.split_last() {
        let other = full.iter().find(|line| line.0 != WIDTH).or(Some(tail).filter(|line| line.0 > WIDTH));
        seen.extend(other.map(|line| (Accident::ReWrapped, Some(line.1))));
    }
}

/// Reports blanks, line ends, quote marks and invisible characters, from the start of the first to the end of the last line.
fn layout(text: &[Glyph], first: usize, last: usize, inside: Range<usize>, seen: &mut Seen) {
    let start = (0..first).rev().find(|&i| is_content(text[i]) || ends_line(text, i)).map_or(0, |i| i + 1);
    // If other text precedes BEGIN in its line, the line start is not checked.
    let mut fresh = start == 0 || ends_line(text, start - 1);
    let (mut quote, mut blank, mut empty) = (false, None, false);
    for (i, glyph) in text.iter().enumerate().skip(start) {
        let class = Class::of(glyph.c);
        if i >= last && class.is_significant() {
            return;
        }
        let at = Some(glyph.at);
        match class {
            Class::Hidden => seen.push((Accident::InvisibleCharacters, at)),
            Class::Quote => {
                quote = true;
                seen.push((Accident::Quoting, at));
            }
            Class::Blank => blank = blank.or(at),
            Class::Newline => {
                if glyph.c != '\n' {
                    seen.push((Accident::LineEnds, at));
                }
                if !ends_line(text, i) {
                    continue;
                }
                if blank.is_some() && !quote {
                    seen.push((Accident::TrailingBlanks, blank));
                }
                if empty && i < last {
                    seen.push((Accident::BlankLines, at));
                }
                (fresh, quote, blank, empty) = (true, false, None, true);
                if i >= last {
                    return;
                }
            }
            _ => {
                if blank.is_some() && !quote {
                    if fresh {
                        seen.push((Accident::Indentation, blank));
                    } else if inside.contains(&i) {
                        seen.push((Accident::ReWrapped, blank));
                    }
                }
                (fresh, quote, blank, empty) = (false, false, None, false);
            }
        }
    }
    if blank.is_some() && !quote && !fresh {
        seen.push((Accident::TrailingBlanks, blank));
    }
}

/// Reports dashes, case and blanks of a marker.
fn label(region: &Region<'_>, marker: &Marker, seen: &mut Seen) {
    let (text, significant) = (region.text, region.significant);
    let glyph = |number: usize| text[significant.place(number, text)];
    let at = Some(glyph(marker.words.0).at);
    let plain = |mut range: Range<usize>| range.all(|number| glyph(number).c == '-');
    if marker.dashes() != (DASHES, DASHES)
        || !plain(marker.from..marker.words.0)
        || !plain(marker.words.1..marker.to)
    {
        seen.push((Accident::Dashes, at));
    }
    let words = significant.place(marker.words.0, text)..significant.place(marker.words.1 - 1, text) + 1;
    let written: String = text[words]
        .iter()
        .map(|g| g.c)
        .filter(|&c| !matches!(Class::of(c), Class::Hidden | Class::Quote))
        .collect();
    let words = marker.label.map(Label::words).unwrap_or_default();
    let whole = format!("{} {words}", if marker.begins { "BEGIN" } else { "END" });
    if written.contains(|c| Class::of(c) == Class::Newline) {
        seen.push((Accident::ReWrapped, at));
    } else if written != whole {
        seen.push((Accident::Label, at));
    }
    let (first, last) = (significant.place(marker.from, text), significant.place(marker.to - 1, text));
    let around = (first..significant.place(marker.words.0, text))
        .chain(significant.place(marker.words.1 - 1, text)..last);
    for i in around {
        match Class::of(text[i].c) {
            Class::Newline => seen.push((Accident::ReWrapped, at)),
            Class::Blank => seen.push((Accident::Label, at)),
            _ => {}
        }
    }
}
