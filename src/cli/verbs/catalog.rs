//! `catalog`: what is sold, checked and shown.

use airlatch_desk::catalog;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::desk_home;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::format::limits;
use airlatch_desk::catalog::{FeatureKind, FeatureRule, Limit, Product};
use airlatch_desk::office::{self, CATALOG};

/// Check or show the catalog of what is sold
#[derive(Args)]
pub(in crate::cli) struct Catalog {
    #[command(subcommand)]
    verb: CatalogVerb,
}

#[derive(Subcommand)]
enum CatalogVerb {
    Check(File),
    Show(File),
}

/// Look for every fault of a catalog
#[derive(Args)]
#[command(about = "Report every fault of the catalog, or show what it sells")]
#[command(after_help = "Examples:
  airlatch catalog check samples/catalog-polycom.toml
  airlatch catalog show --desk desk")]
struct File {
    /// The catalog [default: the desk's]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Folder of the desk [default: $AIRLATCH_DESK, else the user's data folder]
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
    match catalog::read_catalog(&bytes) {
        Ok(catalog) => {
            let features: usize = catalog.products.iter().map(|product| product.features.len()).sum();
            let products = catalog.products.len();
            session.screen.line(&format!(
                "{}: {products} {}, {features} features, no fault",
                input::name(&path),
                if products == 1 { "product" } else { "products" }
            ));
            session
                .screen
                .json("catalog-check", json!({ "products": products, "features": features, "faults": [] }));
            Ok(Outcome::Done)
        }
        Err(faults) => {
            let name = input::name(&path);
            let reports: Vec<Report> =
                faults.into_iter().map(|fault| Report::new(fault.at(&name), "catalog")).collect();
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
    for product in &catalog.products {
        lines(product).iter().for_each(|line| session.screen.line(line));
    }
    let products: Vec<Value> = catalog.products.iter().map(product_json).collect();
    session.screen.json("catalog", json!({ "vendor": catalog.vendor, "products": products }));
    Ok(Outcome::Done)
}

fn lines(product: &Product) -> Vec<String> {
    let mut lines = vec![match &product.name {
        Some(name) => format!("{}  {name}", product.id),
        None => product.id.clone(),
    }];
    if !product.versions.is_empty() {
        lines.push(format!("  versions   {}", product.versions.join(", ")));
    }
    if !product.models.is_empty() {
        let models: Vec<_> = product.models.iter().map(|model| model.id.as_str()).collect();
        lines.push(format!("  models     {}", models.join(", ")));
    }
    let kinds: Vec<_> = product.lock.kinds.iter().map(|kind| kind.word()).collect();
    lines.push(format!("  named by   {}", kinds.join(", ")));
    if !product.transferable {
        lines.push("  stays      licenses may not move to another unit".into());
    }
    if let Some(evaluation) = &product.evaluation {
        lines.push(format!("  trial      {} days of {}", evaluation.days, evaluation.features));
    }
    lines.extend(product.features.iter().map(|rule| format!("  sells      {}", sold(rule))));
    lines
}

/// A feature with its rules in one line.
fn sold(rule: &FeatureRule) -> String {
    let mut words = vec![match &rule.kind {
        FeatureKind::Switch => rule.name.to_string(),
        FeatureKind::Count => format!("{}=N", rule.name),
        FeatureKind::Level { bases, upgrades } => {
            let bases = bases.iter().map(|base| format!("{}#{base}", rule.name));
            let steps = upgrades.iter().map(|(from, to)| format!("{}#{to}@{from}", rule.name));
            bases.chain(steps).collect::<Vec<_>>().join(", ")
        }
    }];
    if let Limit::AtMost(most) = rule.limit
        && rule.kind == FeatureKind::Count
    {
        words.push(format!("up to {most}"));
    }
    let models: Vec<_> = rule.on_model.iter().filter(|(_, limit)| **limit != Limit::Never).collect();
    if !models.is_empty() {
        let model = |(model, limit): &(&String, &Limit)| match limit {
            Limit::AtMost(most) if rule.kind != FeatureKind::Switch => format!("{model} up to {most}"),
            _ => (*model).clone(),
        };
        words.push(format!("on {}", models.iter().map(model).collect::<Vec<_>>().join(", ")));
    }
    if !rule.requires.is_empty() {
        let names: Vec<_> = rule.requires.iter().map(ToString::to_string).collect();
        words.push(format!("needs {}", names.join(" or ")));
    }
    words.extend(rule.bounded_by.iter().map(|name| format!("no more than {name}")));
    if !rule.free_on.is_empty() {
        let models: Vec<_> = rule.free_on.iter().cloned().collect();
        words.push(format!("free on {}", models.join(", ")));
    }
    words.join("; ")
}

fn product_json(product: &Product) -> Value {
    json!({
        "id": product.id,
        "name": product.name,
        "versions": product.versions,
        "models": product.models.iter().map(|model| &model.id).collect::<Vec<_>>(),
        "lock": product.lock.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
        "transferable": product.transferable,
        "grace_days": product.grace_days,
        "activation_days": product.activation_days,
        "evaluation_days": product.evaluation.as_ref().map(|evaluation| evaluation.days),
        "features": product.features.iter().map(|rule| json!({ "name": rule.name.as_str(), "sold": sold(rule) })).collect::<Vec<_>>(),
    })
}
