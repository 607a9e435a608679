//! `catalog`: checks and shows the catalog of products.

use airlatch_desk::catalog;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::desk_home;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, wrong_file};
use crate::view;
use airlatch_core::format::limits;
use airlatch_core::model::Reason;
use airlatch_desk::office::{self, CATALOG};

/// Check or show the catalog of products
#[derive(Args)]
pub(in crate::cli) struct Catalog {
    #[command(subcommand)]
    verb: CatalogVerb,
}

#[derive(Subcommand)]
enum CatalogVerb {
    /// Report every fault of a catalog
    Check(File),
    /// Show the products of a catalog
    Show(File),
}

#[derive(Args)]
#[command(after_help = "Examples:
  airlatch catalog check samples/catalog-polycom.toml
  airlatch catalog show --desk desk")]
struct File {
    /// Catalog file [default: that of the desk]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Desk folder [default: $AIRLATCH_DESK, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    desk: Option<PathBuf>,
}

pub(in crate::cli) fn run(args: &Catalog, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        CatalogVerb::Check(args) => check(args, session),
        CatalogVerb::Show(args) => show(args, session),
    }
}

fn path(args: &File, session: &Session) -> Result<PathBuf> {
    match &args.file {
        Some(file) => Ok(file.clone()),
        None => Ok(desk_home::folder(session, args.desk.as_deref())?.join(CATALOG)),
    }
}

fn check(args: &File, session: &mut Session) -> Result<Outcome> {
    let path = path(args, session)?;
    let bytes = input::read(session, &path, limits::CATALOG_FILE)?;
    let faults = |faults| match wrong_file::error(&bytes, Reason::BadCatalog, "a catalog") {
        Some(error) => vec![error],
        None => faults,
    };
    match catalog::read_catalog(&bytes).map_err(faults) {
        Ok(catalog) => {
            let features: usize = catalog.products.iter().map(|product| product.features.len()).sum();
            let products = catalog.products.len();
            session.screen.line(&format!(
                "{}: {products} {}, {features} features, no faults",
                input::name(&path),
                if products == 1 { "product" } else { "products" }
            ));
            let warnings = catalog::warnings(&catalog);
            for warning in &warnings {
                session.screen.talk(&format!(
                    "note: product `{}`, {}: {}",
                    warning.product, warning.field, warning.message
                ));
            }
            let warnings: Vec<_> = warnings.iter().map(view::CatalogWarning::of).collect();
            session.screen.json(
                "catalog-check",
                json!({ "products": products, "features": features, "faults": [], "warnings": warnings }),
            );
            Ok(Outcome::Done)
        }
        Err(faults) => {
            let name = input::name(&path);
            let reports: Vec<Report> = faults
                .into_iter()
                .map(|fault| Report::new(fault.at(&name), "catalog", &session.known))
                .collect();
            for report in reports.iter().filter(|_| !session.screen.is_json()).collect::<Vec<_>>() {
                report.lines().iter().for_each(|line| session.screen.talk(line));
            }
            session.screen.talk(&match reports.len() {
                1 => "1 fault".to_owned(),
                count => format!("{count} faults"),
            });
            let faults: Vec<Value> = reports.iter().map(Report::json).collect();
            session.screen.json("catalog-check", json!({ "faults": faults }));
            Ok(Outcome::Unable)
        }
    }
}

fn show(args: &File, session: &mut Session) -> Result<Outcome> {
    let path = path(args, session)?;
    let catalog = office::read_catalog(&session.files, &path)?;
    let products: Vec<_> = catalog.products.iter().map(view::Product::of).collect();
    session.screen.each(&products, session.now);
    session.screen.json("catalog", json!({ "vendor": catalog.vendor, "products": products }));
    Ok(Outcome::Done)
}
