//! `man`: prints or writes the manual pages; those of the commands are generated from the definition of the help.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, output, pages, troff};
use airlatch_core::model::{Error, Reason};
use airlatch_machine::platform::{Access, Existing};

/// Print a manual page, or write all of them
///
/// A terminal gets text, a file or pipe troff source for man(1). An air-gapped site gets the binary alone, so the binary
/// holds the pages.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch man verify
  airlatch man format                    all formats, limits and reason words
  airlatch man glossary                  what each word means
  airlatch man rules                     what is charged, and until when
  airlatch man verify | man -l -         in the pager of man(1)
  airlatch man --out /usr/local/share/man")]
pub(in crate::cli) struct Man {
    /// Command as in `verify` or `order-new`, or `format`, `glossary` or `rules` [default: the page of airlatch itself]
    #[arg(value_name = "PAGE")]
    page: Option<String>,

    /// Print troff source on a terminal too, as into a pipe
    #[arg(long)]
    troff: bool,

    /// Write all pages below this folder, into man1, man5 and so on
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    out: Option<PathBuf>,
}

/// `whole` is the definition of the command line.
pub(in crate::cli) fn run(args: &Man, whole: clap::Command, session: &mut Session) -> Result<Outcome> {
    let pages = pages::pages(whole)?;
    if let Some(folder) = &args.out {
        for (name, text) in &pages {
            let number = name.rsplit_once('.').map_or("1", |(_, number)| number);
            let section = folder.join(format!("man{number}"));
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
        None | Some("airlatch") => "airlatch".to_owned(),
        Some(page) => format!("airlatch-{page}"),
    };
    let is_wanted = |name: &str| name.rsplit_once('.').is_some_and(|(name, _)| name == wanted);
    let page = pages.iter().find(|(name, _)| is_wanted(name)).ok_or_else(|| {
        let words: Vec<_> =
            pages.iter().filter_map(|(name, _)| name.strip_prefix("airlatch-")?.split('.').next()).collect();
        Error::new(Reason::BadValue, format!("there is no such page; the pages are {}", words.join(", ")))
    })?;
    if session.streams.output && !args.troff && !session.screen.is_json() {
        let look = session.screen.look();
        session.screen.raw(&troff::rendered(&page.1, look.width, look.out));
    } else {
        output::page(session, "man", &page.1);
    }
    Ok(Outcome::Done)
}
