//! `ledger fleet`: writes the licenses of all devices of an order into one file.

use airlatch_desk::lists::FleetText;
use std::path::PathBuf;

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::verbs::order::find;
use crate::cli::{Outcome, input, output};
use airlatch_core::crypto::Sealed;
use airlatch_core::model::{Error, Reason};
use airlatch_desk::desk;
use airlatch_desk::orders::AccountName;

use crate::cli::count;

/// Write the licenses of all devices of an order into one file
///
/// The fleet file holds the current license of each device, with everything bought for it, from any code. Each device takes
/// only its own: airlatch install FILE. Write it again after another order.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(group(ArgGroup::new("whose").required(true).args(["code", "account"])))]
#[command(after_help = "Examples:
  airlatch ledger fleet --code CODE --out stick/phones.fleet
  airlatch ledger fleet --account acme --out phones.fleet --force")]
pub(in crate::cli) struct Fleet {
    /// Devices licensed from this authorization code or order number; repeatable
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// Devices licensed from any code of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Output file; `-` is stdout
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,

    /// Replace the output file if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Fleet, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let account: Option<AccountName> = args.account.as_deref().map(str::parse).transpose()?;
    let operator = desk.operator();
    let mut text = FleetText::default();
    let fleet = desk.read(|book| {
        let codes = find::codes(book, &args.code)?;
        let mut add = |mac, licenses: Vec<Sealed>| text.add(mac, licenses.iter().map(Sealed::bytes));
        desk::fleet(&operator, book, &codes, account.as_ref(), &mut add)
    })?;
    for unit in &fleet.left_out {
        session.screen.talk(&format!("note: {unit} is left out: it has no MAC"));
    }
    for unit in &fleet.reversed {
        session.screen.talk(&format!("note: {unit} is left out: its license was reversed"));
    }
    let count = fleet.licenses;
    if count == 0 {
        let what = "no device is licensed from these codes: there is nothing to write";
        return Err(Error::new(Reason::NotBooked, what).into());
    }
    let mut value = json!({ "devices": fleet.devices, "licenses": count });
    if input::is_stream(&args.out) {
        output::document(session, "fleet", text.text(), value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, &args.out, text.text(), args.force)?;
    let of = |number: usize, one, many| count::count(number as u64, one, many);
    let (devices, licenses) = (of(fleet.devices, "device", "devices"), of(count, "license", "licenses"));
    session.screen.line(&format!("{licenses} of {devices} written to {}", args.out.display()));
    value["file"] = json!(input::name(&args.out));
    session.screen.json("fleet", value);
    Ok(Outcome::Done)
}
