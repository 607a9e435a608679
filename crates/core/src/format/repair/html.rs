//! Undoes HTML: tags and the entities that mail programs write.

use super::Accident;
use super::char_class::{Class, Glyph};
use super::charset::Reading;

/// Tags that mail programs and editors put around text. Other text in `<>` is left unchanged.
const TAGS: &[&str] = &[
    "!doctype",
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "div",
    "em",
    "font",
    "head",
    "hr",
    "html",
    "i",
    "li",
    "meta",
    "o:p",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "th",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "wbr",
];

/// Entities of characters that can occur in or beside a block.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("equals", '='),
    ("gt", '>'),
    ("hyphen", '\u{2010}'),
    ("lt", '<'),
    ("mdash", '—'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("newline", '\n'),
    ("plus", '+'),
    ("quot", '"'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("tab", '\t'),
    ("thinsp", '\u{2009}'),
    ("vert", '|'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The longest tag and entity that are searched for; without a limit, a text of many `<` would take quadratic time.
const MAX_TAG_LENGTH: usize = 1000;
const MAX_ENTITY_LENGTH: usize = 16;

/// Undoes HTML, if there is any: a tag becomes a line end, an entity its character.
pub(super) fn undo(text: &[Glyph]) -> Option<Reading> {
    let mut glyphs = Vec::with_capacity(text.len());
    let mut changed = false;
    let mut i = 0;
    while let Some(&glyph) = text.get(i) {
        let found = match glyph.c {
            '<' => tag(&text[i + 1..]).map(|length| ('\n', length)),
            '&' => entity(&text[i + 1..]),
            _ => None,
        };
        let (c, length) = found.unwrap_or((glyph.c, 0));
        changed |= found.is_some();
        glyphs.push(Glyph { c, at: glyph.at });
        i += 1 + length;
    }
    changed.then(|| Reading { glyphs, accidents: vec![Accident::Html] })
}

/// The length of a known tag after its `<`, up to and including `>`.
fn tag(rest: &[Glyph]) -> Option<usize> {
    let name: String = rest
        .iter()
        .take(64)
        .map(|glyph| glyph.c)
        .filter(|&c| Class::of(c) != Class::Newline)
        .skip_while(|&c| c == '/')
        .take_while(|&c| c.is_ascii_alphanumeric() || c == ':' || c == '!')
        .collect();
    let name = name.to_ascii_lowercase();
    if !TAGS.contains(&name.as_str()) {
        return None;
    }
    let end = rest.iter().take(MAX_TAG_LENGTH).position(|glyph| matches!(glyph.c, '<' | '>'))?;
    (rest[end].c == '>').then_some(end + 1)
}

/// The character of an entity and its length after the `&`. Entities for letters and digits are never decoded.
fn entity(rest: &[Glyph]) -> Option<(char, usize)> {
    let end = rest.iter().take(MAX_ENTITY_LENGTH).position(|glyph| glyph.c == ';')?;
    let name: String = rest[..end].iter().map(|g| g.c).filter(|&c| Class::of(c) != Class::Newline).collect();
    let name = name.to_ascii_lowercase();
    let c = match name.strip_prefix('#') {
        Some(number) => char::from_u32(match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        })?,
        None => ENTITIES.iter().find(|entity| entity.0 == name)?.1,
    };
    (!c.is_ascii_alphanumeric()).then_some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str) -> Option<String> {
        let glyphs: Vec<_> = text.char_indices().map(|(at, c)| Glyph { c, at: at as u32 }).collect();
        undo(&glyphs).map(|reading| reading.glyphs.iter().map(|g| g.c).collect())
    }

    #[test]
    fn tags_and_entities_are_undone() {
        assert_eq!(undone("<p class=\"x\">a&gt;b<br/>c</P>&#61;&#x3D;").as_deref(), Some("\na>b\nc\n=="));
        assert_eq!(undone("a<b\nr>b&n\nbsp;").as_deref(), Some("a\nb\u{a0}"));
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in
            ["a <mail@example.org> b & c; <", "&#65;&#x41;", "<br", "<<<<", "<unknown>", "&&&;", "&#x110000;"]
        {
            assert_eq!(undone(text), None, "{text}");
        }
    }
}
