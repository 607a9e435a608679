//! `ledger reprint`: writes an issued license again, byte for byte.

use std::path::PathBuf;

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::json;

use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, output};
use crate::view;
use airlatch_core::format;
use airlatch_core::model::DocumentId;
use airlatch_desk::desk;

use super::filter;

/// Reprint an issued license, byte for byte
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(group(ArgGroup::new("which").required(true).args(["license", "unit", "request"])))]
#[command(after_help = "Examples:
  airlatch ledger reprint LICENSE-ID --out stick/host.license
  airlatch ledger reprint --unit 00-90-33-01-02-03 --product pbx
  airlatch ledger reprint --request stick/host.request")]
pub(in crate::cli) struct Reprint {
    /// License id
    #[arg(value_name = "LICENSE-ID")]
    license: Option<String>,

    /// Current license of this unit; needs --product
    #[arg(long, value_name = "UNIT", requires = "product")]
    unit: Option<String>,

    /// License that answered this request file; `-` is stdin
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,

    /// Product of the unit's license
    #[arg(long, value_name = "ID")]
    product: Option<String>,

    /// Output file; `-` is stdout
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    out: PathBuf,

    /// Replace the output file if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    desk: DeskArgs,
}

pub(super) fn run(args: &Reprint, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let which = selector(args, session)?;
    let operator = desk.operator();
    let (license, sealed, reversal) = desk.read(|book| {
        let (license, sealed) = desk::reprint(&operator, book, &which)?;
        let reversal = desk::reversal_of(book, sealed.document_id())?;
        Ok((license, sealed, reversal))
    })?;
    if let Some((by, reversal)) = &reversal {
        let because = &reversal.because;
        session
            .screen
            .talk(&format!("note: to be replaced: entry {} reversed it, because: {because}", by.number));
    }
    let id = sealed.document_id();
    let text = format::license_text(license.get(), &sealed);
    let mut value = json!({ "id": id.to_string(), "license": view::License::of(license.get()), "reversed_by": reversal.map(|(by, _)| by.number) });
    if input::is_stream(&args.out) {
        output::document(session, "reprint", &text, value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, &args.out, &text, args.force)?;
    session.screen.line(&format!("license {id} reprinted to {}", args.out.display()));
    value["file"] = json!(input::name(&args.out));
    session.screen.json("reprint", value);
    Ok(Outcome::Done)
}

fn selector(args: &Reprint, session: &mut Session) -> Result<desk::LicenseSelector> {
    if let Some(id) = &args.license {
        return Ok(desk::LicenseSelector::License(id.parse::<DocumentId>()?));
    }
    if let Some(path) = &args.request {
        let (sealed, _) = input::open(session, path)?;
        let request = format::read_request(&sealed).map_err(|error| error.at(input::place(path)))?;
        return Ok(desk::LicenseSelector::Request(request.document_id()));
    }
    let unit = filter::unit(args.unit.as_deref().unwrap_or_default())?;
    Ok(desk::LicenseSelector::Unit(unit, args.product.clone().unwrap_or_default()))
}
