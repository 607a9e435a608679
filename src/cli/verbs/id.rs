//! `id`: shows the System ID and Locking ID of this host and their strength; stores codes, site and instance id.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::args::RootArgs;
use crate::cli::host_home;
use crate::cli::session::Session;
use crate::view;
use airlatch_core::model::{
    ComponentKind, Error, HostClass, HostFacts, HostIdentity, OrderCode, Profile, Reason, SiteSerial,
};
use airlatch_machine::platform;

/// Show this host's System ID and Locking ID
///
/// The System ID names the installation and survives any change of hardware. The Locking ID names the hardware: one group
/// per component, in the order shown; on a virtual machine or container, its settings take the place of hardware.
/// `host.toml` in the home selects what counts: profile = "hardware" or "virtual"; [virtual] host = ["host-name",
/// "time-zone", "domain"], net = ["mac", "gateway", "resolver"]. The first run creates the host's key in its home.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch id
  airlatch id --code B88Q4-EAC3V-PK3D8-3TFJC-6HC9T   store a code
  airlatch id --instance pbx-3                       name a virtual host
  airlatch id --any-user                             for a product that root does not run
  airlatch id --root /mnt/image                      a captured machine")]
pub(in crate::cli) struct Id {
    /// Store an authorization code; the next request carries it
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// Store the serial of this host's site
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,

    /// Store the instance id of this virtual machine or container; AIRLATCH_INSTANCE overrides it
    #[arg(long, value_name = "TEXT")]
    instance: Option<String>,

    /// Identify this host only by what every user may read, for a product that runs as another user than root
    #[arg(long)]
    any_user: bool,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Id, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    let root: PathBuf = session.facts_root(args.root.root.as_deref())?;
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    let site: Option<SiteSerial> = args.site.as_ref().map(|site| site.parse()).transpose()?;
    let bad = |error: Error| Error::new(Reason::BadValue, error.message()).at("--instance");
    args.instance.as_deref().map(platform::check_instance).transpose().map_err(bad)?;
    host_home::key(session, &home)?;
    let mut settings = home.settings()?;
    if !codes.is_empty() || site.is_some() || args.instance.is_some() || args.any_user {
        settings.codes.extend(codes);
        settings.codes.sort();
        settings.codes.dedup();
        settings.site = site.or(settings.site);
        settings.identity.any_user |= args.any_user;
        settings.identity.instance = args.instance.clone().or(settings.identity.instance);
        home.write_settings(&settings)?;
    }
    let named = session.env.instance.as_ref().filter(|_| args.instance.is_some());
    if named.is_some_and(|named| Some(named) != args.instance.as_ref()) {
        session
            .screen
            .talk(&format!("note: the variable {} overrides the stored instance id", HostIdentity::VARIABLE));
    }
    let instance = settings.identity.with_instance(session.env.instance.clone()).instance;
    let facts = home.facts(&root)?;
    let installation = view::Installation {
        instance,
        codes: settings.codes.iter().map(ToString::to_string).collect(),
        site: settings.site.map(|site| site.to_string()),
        home: home.path().display().to_string(),
    };
    let host = view::Host::of(&facts, installation);
    session.screen.each([&host], session.now);
    explain(&facts, session);
    session.screen.json("id", host);
    Ok(Outcome::Done)
}

/// Explains what a container needs so that it can be told from its copies.
fn explain(facts: &HostFacts, session: &mut Session) {
    if !matches!(facts.class, HostClass::Container(_)) || facts.profile() != Profile::Virtual {
        return;
    }
    let absent = |kind| facts.components.get(kind).is_empty();
    if absent(ComponentKind::Instance) {
        session.screen.talk(
            "note: give this container an instance id, so that it differs from its copies: airlatch id --instance TEXT, or AIRLATCH_INSTANCE",
        );
    }
    if absent(ComponentKind::Os) {
        session.screen.talk(
            "note: to bind it to the machine it runs on, mount that machine's id: --volume /etc/machine-id:/etc/machine-id:ro",
        );
    }
}
