//! `order`: books orders, and adds, shows, passes on, renews, corrects and cancels their authorization codes.

mod add;
mod cancel;
mod correct;
pub(in crate::cli::verbs) mod find;
mod lines;
mod list;
mod new;
mod once_more;
mod pass;
mod renew;
mod show;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::session::Session;

/// Book orders and manage their authorization codes
#[derive(Args)]
pub(in crate::cli) struct Order {
    #[command(subcommand)]
    verb: OrderVerb,
}

#[derive(Subcommand)]
enum OrderVerb {
    New(new::New),
    Add(add::Add),
    Show(show::Show),
    List(list::List),
    Pass(pass::Pass),
    Renew(renew::Renew),
    Correct(correct::Correct),
    Cancel(cancel::Cancel),
}

pub(in crate::cli) fn run(args: &Order, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        OrderVerb::New(args) => new::run(args, session),
        OrderVerb::Add(args) => add::run(args, session),
        OrderVerb::Show(args) => show::run(args, session),
        OrderVerb::List(args) => list::run(args, session),
        OrderVerb::Pass(args) => pass::run(args, session),
        OrderVerb::Renew(args) => renew::run(args, session),
        OrderVerb::Correct(args) => correct::run(args, session),
        OrderVerb::Cancel(args) => cancel::run(args, session),
    }
}
