//! The manual pages: those of the verbs, made from the definition of the command line, and those written by hand.

use clap::{Arg, ArgAction, Command};
use clap_mangen::Man;

use airlatch_core::model::Result;

/// The pages written by hand: file name and text.
const WRITTEN: [(&str, &str); 3] = [
    ("airlatch-format.5", include_str!("../../man/airlatch-format.5")),
    ("airlatch-glossary.7", include_str!("../../man/airlatch-glossary.7")),
    ("airlatch-rules.7", include_str!("../../man/airlatch-rules.7")),
];

/// Verbs of a host, which go by its home.
const HOST_VERBS: [&str; 8] =
    ["id", "request", "install", "status", "verify", "what-if", "release", "doctor"];

/// A tag with its text, as `.TP` shows both.
type Item = (&'static str, &'static str);

const EXIT: [Item; 4] = [
    ("0", "Yes, or done."),
    ("1", "The answer is no: a license that is not valid, a question answered with no."),
    ("2", "It could not be done, or the answer could not be found."),
    ("130", "Stopped by Ctrl\\-C; nothing unfinished is left behind."),
];
const OF_HOST: [Item; 3] = [
    ("AIRLATCH_HOME", "Folder of the host's key, licenses and trusted keys, unless \\-\\-home names one."),
    ("AIRLATCH_INSTANCE", "The operator's id of this virtual machine or container."),
    ("XDG_STATE_HOME", "Holds a second copy of the clock mark (default ~/.local/state)."),
];
const OF_DESK: [Item; 2] = [
    ("AIRLATCH_DESK", "Folder of the desk, unless \\-\\-desk names one."),
    ("USER, LOGNAME, USERNAME", "Name recorded in the ledger, unless \\-\\-actor gives one."),
];
const OF_HOMES: [Item; 1] = [("XDG_DATA_HOME, HOME", "The default home and desk folders are below these.")];
const OF_ALL: [Item; 2] = [
    (
        "NO_COLOR, TERM",
        "Output has no color if NO_COLOR is set or TERM is dumb, unless \\-\\-color says always.",
    ),
    ("COLUMNS", "Width of help and tables if the terminal does not report one."),
];
const HOST_FILES: [Item; 4] = [
    (
        "$AIRLATCH_HOME/host.key, host.pub, host.toml",
        "The host's own key, from which its System ID is made, and its settings.",
    ),
    ("$AIRLATCH_HOME/licenses/*.license", "The installed licenses."),
    ("$AIRLATCH_HOME/trust/*.pub", "The trusted public keys of vendors."),
    (
        "$AIRLATCH_HOME/clock.mark, daily.toml, airlatch.log",
        "The clock mark, the last daily check, and the log.",
    ),
];
const DESK_FILES: [Item; 3] = [
    ("$AIRLATCH_DESK/desk.toml, catalog.toml", "The settings, and the catalog."),
    (
        "$AIRLATCH_DESK/ledger.db, witness.toml",
        "The ledger, and a copy of its last entry, which shows when an older ledger was put back.",
    ),
    ("$AIRLATCH_DESK/keys/", "The desk's private keys."),
];

/// All pages: file name and text. `whole` is the definition of the command line.
///
/// # Errors
/// None that can happen: they are written to memory.
pub(super) fn pages(whole: Command) -> Result<Vec<(String, String)>, std::io::Error> {
    let mut command = whole.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    below("airlatch", None, &command, &mut pages)?;
    pages.extend(WRITTEN.map(|(name, text)| (name.to_owned(), text.to_owned())));
    Ok(pages)
}

/// Whether this is the name of a page that is written by hand, for no command.
pub(super) fn is_topic(name: &str) -> bool {
    let is_it =
        |page: &str| page.strip_prefix("airlatch-").and_then(|page| page.split('.').next()) == Some(name);
    WRITTEN.iter().any(|(page, _)| is_it(page))
}

/// The page of a command, then those of all that stand below it.
fn below(
    name: &str,
    parent: Option<&str>,
    command: &Command,
    pages: &mut Vec<(String, String)>,
) -> std::io::Result<()> {
    let verbs = || command.get_subcommands().filter(|verb| verb.get_name() != "help");
    let below_it: Vec<String> = verbs().map(|verb| format!("{name}-{}", verb.get_name())).collect();
    pages.push((format!("{name}.1"), page(name, parent, &below_it, command)?));
    verbs().zip(&below_it).try_for_each(|(verb, inner)| below(inner, Some(name), verb, pages))
}

fn page(name: &str, parent: Option<&str>, verbs: &[String], command: &Command) -> std::io::Result<String> {
    let man = Man::new(command.clone().name(name.to_owned()).display_name(name.to_owned()));
    let part = |render: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        render(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Its preamble defines the apostrophe anew in each part.
        let lines = text.lines().filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "));
        let text: String = lines.map(|line| plain(line) + "\n").collect();
        // Its line breaks before a list are none of man(7).
        Ok::<_, std::io::Error>(text.replace(".br\n\n.br\n", ".br\n"))
    };
    let (title, version) = (name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    let mut page = format!(".TH {title} 1 \"{}\" \"airlatch {version}\" \"airlatch manual\"\n", date());
    page += &part(&|bytes| man.render_name_section(bytes))?;
    page += &synopsis(command);
    page += &part(&|bytes| man.render_description_section(bytes))?;
    page += &part(&|bytes| man.render_options_section(bytes))?;
    if !verbs.is_empty() {
        page += &part(&|bytes| man.render_subcommands_section(bytes))?.replace("SUBCOMMANDS", "COMMANDS");
    }
    if command.get_after_help().is_some() {
        page += &examples(&part(&|bytes| man.render_extra_section(bytes))?);
    }
    Ok(page + &about(name, parent, verbs, command))
}

/// Day of the manual: that of the page on formats, which is written by hand.
fn date() -> &'static str {
    WRITTEN[0].1.split('"').nth(1).unwrap_or_default()
}

/// A line without the brackets around the names of values, and with an apostrophe that no definition is needed for.
fn plain(line: &str) -> String {
    let line = line.replace("\\*(Aq", "\\(aq").replace("\\fI<", "\\fI").replace(">\\fR", "\\fR");
    line.replace(">...\\fR", "\\fR...").replace("<\\fI", "\\fI").replace("\\fR>", "\\fR")
}

/// Text as troff takes it for text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

/// How the command is typed, with the values of its options.
fn synopsis(command: &Command) -> String {
    let shown = |arg: &&Arg| !arg.is_hide_set() && arg.get_id() != "help" && arg.get_id() != "version";
    let (named, placed): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(shown).partition(|arg| !arg.is_positional());
    let mut line =
        format!(".SH SYNOPSIS\n.nh\n.ad l\n\\fB{}\\fR", escaped(command.get_bin_name().unwrap_or_default()));
    for arg in named.iter().chain(&placed) {
        let name = match (arg.get_short(), arg.get_long()) {
            (_, Some(long)) => format!("\\fB\\-\\-{}\\fR", escaped(long)),
            (Some(short), None) => format!("\\fB\\-{short}\\fR"),
            (None, None) => String::new(),
        };
        let takes = arg.is_positional() || arg.get_num_args().is_some_and(|values| values.takes_values());
        let values = arg.get_value_names().filter(|_| takes).unwrap_or_default();
        let value = values.iter().map(|value| format!("\\fI{}\\fR", escaped(value)));
        let typed: Vec<String> = (!name.is_empty()).then_some(name).into_iter().chain(value).collect();
        let many = arg.is_positional() && arg.get_num_args().is_some_and(|values| values.max_values() > 1)
            || matches!(arg.get_action(), ArgAction::Append | ArgAction::Count) && !arg.is_positional();
        let (typed, dots) = (typed.join("\\ "), if many { "..." } else { "" });
        line += &match arg.is_required_set() {
            true => format!("\n{typed}{dots}"),
            false => format!("\n[{typed}]{dots}"),
        };
    }
    line + if command.has_subcommands() { "\n\\fICOMMAND\\fR\n.ad\n.hy\n" } else { "\n.ad\n.hy\n" }
}

/// The examples of the help as a section of their own, each line as it is typed. What it says of exit codes has a section.
fn examples(section: &str) -> String {
    let lines = section.lines().skip(1);
    let lines: Vec<&str> =
        lines.filter(|line| *line != "Examples:" && !line.starts_with("Exit codes:")).collect();
    format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n").trim_end())
}

/// What is the same for many: exit status, environment, files, other pages.
fn about(name: &str, parent: Option<&str>, verbs: &[String], command: &Command) -> String {
    let is_whole = parent.is_none();
    let of_host = is_whole || HOST_VERBS.iter().any(|verb| name == format!("airlatch-{verb}"));
    let has_desk = |command: &Command| command.get_arguments().any(|arg| arg.get_id() == "desk");
    let of_desk = is_whole || has_desk(command) || command.get_subcommands().any(has_desk);
    let when = |is: bool, items: &'static [Item]| if is { items } else { &[] };
    let environment =
        [when(of_host, &OF_HOST), when(of_desk, &OF_DESK), when(of_host || of_desk, &OF_HOMES), &OF_ALL];
    let files = [when(of_host, &HOST_FILES), when(of_desk, &DESK_FILES)];
    let mut text = section("EXIT STATUS", &[&EXIT]);
    text +=
        ".PP\nAn error ends with its reason word in brackets; \\fBairlatch\\-format\\fR(5) lists them all.\n";
    text += &section("ENVIRONMENT", &environment);
    text += &section("FILES", &files);
    let written = WRITTEN.iter().filter_map(|(file, _)| file.rsplit_once('.'));
    let one = |(page, number): (&str, &str)| format!("\\fB{}\\fR({number})", escaped(page));
    let of_section_1 =
        parent.into_iter().filter(|parent| *parent != "airlatch").chain(verbs.iter().map(String::as_str));
    let first = (!is_whole).then_some(("airlatch", "1"));
    let others = first.into_iter().chain(of_section_1.map(|page| (page, "1"))).chain(written);
    text + ".SH SEE ALSO\n" + &others.map(one).collect::<Vec<_>>().join(",\n") + "\n"
}

fn section(title: &str, parts: &[&[Item]]) -> String {
    let items: String = parts
        .iter()
        .flat_map(|part| part.iter())
        .map(|(tag, text)| format!(".TP\n\\fB{}\\fR\n{text}\n", escaped(tag)))
        .collect();
    if items.is_empty() { items } else { format!(".SH {title}\n{items}") }
}
