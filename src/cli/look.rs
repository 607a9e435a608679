//! How results look: how wide they are, and which of their words are colored.

use std::ffi::OsString;

use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use clap::builder::Styles;

use airlatch_machine::platform::Streams;

/// Columns where standard output is no terminal, so that files and logs are the same everywhere.
const COLUMNS: usize = 100;
/// Narrower text can't be laid out, wider text can't be read.
const NARROWEST: usize = 60;
const WIDEST: usize = 120;

const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();
const HEAD: Style = Style::new().bold();
const REASON: Style = Style::new().dimmed();

/// Words at the beginning of a line. Those of `doctor` stand in a column of their own.
const BEGINNINGS: [(&str, Style); 14] = [
    ("error:", BAD),
    ("warning:", WARN),
    ("note:", NOTE),
    ("hint:", NOTE),
    ("  tip:", NOTE),
    ("Usage:", HEAD),
    ("valid:", GOOD),
    ("grace:", WARN),
    ("refused:", BAD),
    ("unable:", BAD),
    ("ok    ", GOOD),
    ("note  ", NOTE),
    ("look  ", WARN),
    ("bad   ", BAD),
];
/// States behind the product in a headline.
const STATES: [(&str, Style); 3] = [("licensed", GOOD), ("in grace", WARN), ("not licensed", BAD)];

/// How results look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Columns of help and tables.
    pub(super) width: usize,
    /// Whether standard output shows colors.
    pub(super) out: bool,
    /// Whether standard error does.
    pub(super) err: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: COLUMNS, out: false, err: false }
    }
}

impl Look {
    /// How they look on these streams.
    pub(super) fn of(streams: &Streams, color: ColorChoice) -> Self {
        let columns = streams.columns.filter(|_| streams.output).map(usize::from);
        let shows = |is_terminal: bool| match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !streams.plain,
        };
        Self {
            width: columns.map_or(COLUMNS, |columns| columns.clamp(NARROWEST, WIDEST)),
            out: shows(streams.output),
            err: shows(streams.error),
        }
    }
}

/// What `--color` says in a command line that could not be read.
pub(super) fn typed(args: &[OsString]) -> ColorChoice {
    let value = |(at, arg): (usize, &OsString)| match arg.to_str()?.strip_prefix("--color")? {
        "" => args.get(at + 1)?.to_str()?.parse().ok(),
        rest => rest.strip_prefix('=')?.parse().ok(),
    };
    args.iter().enumerate().find_map(value).unwrap_or(ColorChoice::Auto)
}

/// The styles of a help.
pub(super) fn help() -> Styles {
    Styles::plain().header(HEAD).usage(HEAD).literal(HEAD).error(BAD).valid(GOOD).invalid(WARN)
}

/// A line with its state and its reason word colored; all else stays as it is.
pub(super) fn colored(line: &str) -> String {
    let paint = |style: Style, text: &str| format!("{style}{text}{style:#}");
    let (line, reason) = match line.rsplit_once("    [") {
        Some((before, word)) if is_reason(word) => (before, paint(REASON, &format!("    [{word}"))),
        _ => (line, String::new()),
    };
    if let Some((mark, style)) = BEGINNINGS.iter().find(|(mark, _)| line.starts_with(mark)) {
        return format!("{}{}{reason}", paint(*style, mark), &line[mark.len()..]);
    }
    let state = line.split_once(": ").filter(|_| !line.starts_with(' ')).and_then(|(title, rest)| {
        let (state, style) = STATES.iter().find(|(state, _)| rest.starts_with(state))?;
        Some(format!("{title}: {}{}", paint(*style, state), &rest[state.len()..]))
    });
    state.unwrap_or_else(|| line.to_owned()) + &reason
}

/// Whether this is a reason word with the bracket behind it.
fn is_reason(word: &str) -> bool {
    word.strip_suffix(']').is_some_and(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_that_of_the_terminal_within_bounds() {
        let width = |output, columns| {
            Look::of(&Streams { output, columns, ..Streams::default() }, ColorChoice::Auto).width
        };
        for (columns, wanted) in [(1, 60), (60, 60), (80, 80), (120, 120), (300, 120)] {
            assert_eq!(width(true, Some(columns)), wanted);
            assert_eq!(width(false, Some(columns)), 100, "a file is no terminal");
        }
        assert_eq!(width(true, None), 100);
    }

    #[test]
    fn colors_are_for_terminals_unless_somebody_says_so() {
        let shows = |error, plain, color| {
            Look::of(&Streams { error, plain, output: true, ..Streams::default() }, color).err
        };
        for (error, plain, color, wanted) in [
            (true, false, ColorChoice::Auto, true),
            (false, false, ColorChoice::Auto, false),
            (true, true, ColorChoice::Auto, false),
            (true, true, ColorChoice::Always, true),
            (false, false, ColorChoice::Always, true),
            (true, false, ColorChoice::Never, false),
        ] {
            assert_eq!(shows(error, plain, color), wanted, "{error} {plain} {color:?}");
        }
    }

    #[test]
    fn the_color_is_found_in_a_wrong_command_line() {
        let typed = |line: &str| typed(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(typed("airlatch verfy --color never"), ColorChoice::Never);
        assert_eq!(typed("airlatch --color=always verfy"), ColorChoice::Always);
        assert_eq!(typed("airlatch --color green"), ColorChoice::Auto);
        assert_eq!(typed("airlatch --color"), ColorChoice::Auto);
    }

    #[test]
    fn states_and_reasons_are_colored_and_nothing_else() {
        // `{r}` red, `{y}` yellow, `{g}` green, `{c}` cyan, `{d}` dimmed, `{b}` bold; `{}` ends each.
        for written in [
            "{r}error:{} no license is valid here{d}    [not-activated]{}",
            "{y}warning:{} pbx: its license ends{d}    [ends-soon]{}",
            "{c}hint:{} airlatch request{d}    [not-activated]{}",
            "{g}valid:{} pbx",
            "{g}ok    {}key       System ID",
            "{y}look  {}clock     it is behind",
            "pbx 2: {g}licensed{}, never expires",
            "pbx 2: {r}not licensed{}: the signature does not fit",
            "{b}Usage:{} airlatch [OPTIONS]",
            "  customer   error: Ltd",
            "  comment    pbx: licensed",
            "pbx: 2 valid licenses",
            "an error: [x]",
            "file    [A]",
        ] {
            let mut wanted = written.to_owned();
            let codes = [("{r}", "\u{1b}[1m\u{1b}[31m"), ("{y}", "\u{1b}[1m\u{1b}[33m")];
            let more = [("{g}", "\u{1b}[1m\u{1b}[32m"), ("{c}", "\u{1b}[36m"), ("{d}", "\u{1b}[2m")];
            let rest = [("{b}", "\u{1b}[1m"), ("{}", "\u{1b}[0m")];
            let (mut plain, all) = (written.to_owned(), codes.into_iter().chain(more).chain(rest));
            for (mark, code) in all {
                wanted = wanted.replace(mark, code);
                plain = plain.replace(mark, "");
            }
            assert_eq!(colored(&plain), wanted, "{plain}");
        }
    }
}
