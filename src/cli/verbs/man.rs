//! `man`: prints or writes the manual pages; those of the commands are generated from the definition of the help.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use clap_mangen::Man as Page;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, output};
use airlatch_core::model::{Error, Reason};
use airlatch_machine::platform::{Access, Existing};

/// Print a manual page, or write all of them
///
/// Pages are troff source: `airlatch man verify | man -l -` shows one. They are in the program itself, since an air-gapped
/// site gets only this one file.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch man verify | man -l -
  airlatch man format | man -l -         all formats, limits and reason words
  airlatch man glossary | man -l -       what each word means
  airlatch man --out /usr/local/share/man")]
pub(in crate::cli) struct Man {
    /// Command as in `verify` or `order-new`, or `format`, or `glossary` [default: the page of airlatch itself]
    #[arg(value_name = "PAGE")]
    page: Option<String>,

    /// Write all pages below this folder, into man1, man5 and man7
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    out: Option<PathBuf>,
}

const FORMAT_PAGE: &str = include_str!("../../../man/airlatch-format.5");
const GLOSSARY_PAGE: &str = include_str!("../../../man/airlatch-glossary.7");

/// `whole` is the definition of the command line.
pub(in crate::cli) fn run(args: &Man, whole: clap::Command, session: &mut Session) -> Result<Outcome> {
    let pages = pages(whole)?;
    if let Some(folder) = &args.out {
        for (name, text) in &pages {
            let section = folder.join(format!("man{}", &name[name.len() - 1..]));
            session.files.make_dir(&section, false)?;
            session.files.write(&section.join(name), text.as_bytes(), Access::Public, Existing::Replace)?;
        }
        session.screen.line(&format!("{} pages written to {}", pages.len(), folder.display()));
        session
            .screen
            .json("man", json!({ "pages": pages.iter().map(|(name, _)| name).collect::<Vec<_>>() }));
        return Ok(Outcome::Done);
    }
    let page = args.page.as_deref().map(|page| page.strip_prefix("airlatch-").unwrap_or(page));
    let wanted = match page {
        None | Some("airlatch") => "airlatch.1".to_owned(),
        Some("format") => "airlatch-format.5".to_owned(),
        Some("glossary") => "airlatch-glossary.7".to_owned(),
        Some(verb) => format!("airlatch-{verb}.1"),
    };
    let page = pages.iter().find(|(name, _)| *name == wanted).ok_or_else(|| {
        let words: Vec<_> =
            pages.iter().filter_map(|(name, _)| name.strip_prefix("airlatch-")?.split('.').next()).collect();
        Error::new(Reason::BadValue, format!("there is no such page; the pages are {}", words.join(", ")))
    })?;
    output::page(session, "man", &page.1);
    Ok(Outcome::Done)
}

/// All pages: file name and text.
fn pages(whole: clap::Command) -> Result<Vec<(String, String)>> {
    let mut command = whole.disable_help_subcommand(true);
    command.build();
    let mut pages = vec![("airlatch.1".to_owned(), render(command.clone())?)];
    below("airlatch", &command, &mut pages)?;
    pages.push(("airlatch-format.5".into(), FORMAT_PAGE.into()));
    pages.push(("airlatch-glossary.7".into(), GLOSSARY_PAGE.into()));
    Ok(pages)
}

/// Adds a page for every verb and every verb below it.
fn below(name: &str, command: &clap::Command, pages: &mut Vec<(String, String)>) -> Result<()> {
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let name = format!("{name}-{}", verb.get_name());
        pages
            .push((format!("{name}.1"), render(verb.clone().name(name.clone()).display_name(name.clone()))?));
        below(&name, verb, pages)?;
    }
    Ok(())
}

fn render(command: clap::Command) -> Result<String> {
    let mut page = Vec::new();
    Page::new(command.disable_help_subcommand(true)).manual("airlatch manual").render(&mut page)?;
    Ok(examples(&String::from_utf8(page)?))
}

/// Puts the examples of the help into a section of their own, without filling lines.
fn examples(page: &str) -> String {
    let Some((before, after)) = page.split_once(".SH EXTRA\n") else { return page.to_owned() };
    let (text, rest) = after.split_once(".SH ").map_or((after, None), |(text, rest)| (text, Some(rest)));
    let text: Vec<&str> = text.lines().filter(|line| *line != "Examples:").collect();
    let rest = rest.map(|rest| format!(".SH {rest}")).unwrap_or_default();
    format!("{before}.SH EXAMPLES\n.nf\n{}\n.fi\n{rest}", text.join("\n"))
}
