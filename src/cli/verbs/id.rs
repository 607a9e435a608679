//! `id`: System ID and Locking ID of this host, and how strong they are.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::args::RootArgs;
use crate::cli::describe;
use crate::cli::host_home;
use crate::cli::session::Session;
use crate::crypto;
use crate::model::{OrderCode, SiteSerial};

/// Show this host's System ID and Locking ID
///
/// The System ID names the installation and survives any change of hardware. The Locking ID names the hardware: one group
/// for each component, in the order shown. The first run makes the host's own key in its home.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch id
  airlatch id --code B88Q4-EAC3V-PK3D8-3TFJC-6HC9T     remember a code for the next request
  airlatch id --root /mnt/image                        the facts of a captured machine")]
pub(in crate::cli) struct Id {
    /// Remember an authorization code this host was given; the next request carries it
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// Remember the serial of the site this host stands at
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Id, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let root: PathBuf = session.facts_root(args.root.root.as_deref())?;
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    let site: Option<SiteSerial> = args.site.as_ref().map(|site| site.parse()).transpose()?;
    host_home::key(session, &home)?;
    let mut settings = home.settings()?;
    if !codes.is_empty() || site.is_some() {
        settings.codes.extend(codes);
        settings.codes.sort();
        settings.codes.dedup();
        settings.site = site.or(settings.site);
        home.keep_settings(&settings)?;
    }
    let facts = home.facts(&root)?;
    let locking_id = crypto::locking_id(&facts.components);
    let system_id = facts.system_id.map(|id| id.to_string());
    let present = facts.components.kinds().count();

    session.screen.line(&format!("System ID   {}", system_id.as_deref().unwrap_or("none yet")));
    session.screen.line(&format!("Locking ID  {locking_id}"));
    session.screen.line(&format!("strength    {}: {present} of 5 components", describe::strength(present)));
    describe::components(&facts).iter().for_each(|line| session.screen.line(line));
    session.screen.line(&format!("host        {}", describe::class(&facts.class)));
    settings.codes.iter().for_each(|code| session.screen.line(&format!("code        {code}")));
    settings.site.iter().for_each(|site| session.screen.line(&format!("site        {site}")));
    session.screen.json(
        "id",
        json!({
            "system_id": system_id,
            "locking_id": locking_id.to_string(),
            "strength": describe::strength(present),
            "components": describe::components_json(&facts),
            "class": facts.class.word(),
            "class_evidence": facts.class.evidence(),
            "codes": settings.codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "site": settings.site.map(|site| site.to_string()),
            "home": home.path().display().to_string(),
        }),
    );
    Ok(Outcome::Done)
}
