//! `order show`: what is known of a code, and the sheet that is printed for it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::cli::args::DeskArgs;
use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, output, sheet};

use super::{find, view};

/// Show an order: what it holds, what is left, and its sheet to print
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch order show 4711
  airlatch order show CODE --sheet | lp
  airlatch order show CODE --page 4711.html")]
pub(super) struct Show {
    /// The authorization code, or the vendor's order number
    #[arg(value_name = "CODE")]
    code: String,

    /// Print the order sheet as plain text
    #[arg(long, conflicts_with = "page")]
    sheet: bool,

    /// Write the order sheet as a page to print, with a QR code; `-` is stdout
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Replace the page if it is there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Show, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let pool = desk.look(session, |book| find(book, &args.code))?;
    if args.sheet {
        output::page(session, "order-sheet", &sheet::text(&desk, &pool));
        return Ok(Outcome::Done);
    }
    if let Some(page) = &args.page {
        if input::is_stream(page) {
            output::page(session, "order-sheet", &sheet::page(&desk, &pool)?);
            return Ok(Outcome::Done);
        }
        sheet::write(session, &desk, &pool, page, args.force)?;
    } else {
        view::lines(&pool).iter().for_each(|line| session.screen.line(line));
    }
    session.screen.json("order", view::json(&pool));
    Ok(Outcome::Done)
}
