//! `batch`: issues a license file for every device of a list, charged to codes or from a grant.

mod args;
mod by_code;
mod by_grant;
mod charge;
mod cost;
mod list;
mod list_plan;
mod result;

use std::path::PathBuf;

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::format::limits;
use airlatch_desk::desk::NameTemplate;

pub(in crate::cli) use args::Batch;

pub(in crate::cli) fn run(args: &Batch, session: &mut Session) -> Result<Outcome> {
    let secrets = args.key.iter().chain(&args.opening.passphrase_file);
    let streams = std::iter::once(&args.list).chain(&args.grant).chain(secrets);
    input::refuse_two_streams(streams.map(PathBuf::as_path))?;
    let names = NameTemplate::new(&args.name)?;
    let bytes = |session: &mut Session| input::read(session, &args.list, limits::LIST_FILE);
    match &args.grant {
        Some(grant) => by_grant::run(args, grant, &names, session),
        None => {
            let bytes = bytes(session)?;
            by_code::run(args, &bytes, &names, session)
        }
    }
}
