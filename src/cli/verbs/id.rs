//! `id`: System ID and Locking ID of this host, and how strong they are.

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

/// Show this host's System ID and Locking ID
///
/// The System ID names the installation and survives any change of hardware. The Locking ID names the hardware: one group
/// for each component, in the order shown; a virtual machine or container is told by its settings instead. Which of them
/// count says `host.toml` in the home: profile = "hardware" or "virtual"; [virtual] host = ["host-name", "time-zone",
/// "domain"], net = ["mac", "gateway", "resolver"]. The first run makes the host's own key in its home.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch id
  airlatch id --code B88Q4-EAC3V-PK3D8-3TFJC-6HC9T     remember a code for the next request
  airlatch id --instance pbx-3                         name this virtual machine or container
  airlatch id --root /mnt/image                        the facts of a captured machine")]
pub(in crate::cli) struct Id {
    /// Remember an authorization code this host was given; the next request carries it
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// Remember the serial of the site this host stands at
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,

    /// Remember the operator's id of this virtual machine or container; AIRLATCH_INSTANCE goes before it
    #[arg(long, value_name = "TEXT")]
    instance: Option<String>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Id, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let root: PathBuf = session.facts_root(args.root.root.as_deref())?;
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    let site: Option<SiteSerial> = args.site.as_ref().map(|site| site.parse()).transpose()?;
    let bad = |error: Error| Error::new(Reason::BadValue, error.message()).at("--instance");
    args.instance.as_deref().map(HostIdentity::check_instance).transpose().map_err(bad)?;
    host_home::key(session, &home)?;
    let mut settings = home.settings()?;
    if !codes.is_empty() || site.is_some() || args.instance.is_some() {
        settings.codes.extend(codes);
        settings.codes.sort();
        settings.codes.dedup();
        settings.site = site.or(settings.site);
        settings.identity.instance = args.instance.clone().or(settings.identity.instance);
        home.write_settings(&settings)?;
    }
    let named = session.env.instance.as_ref().filter(|_| args.instance.is_some());
    if named.is_some_and(|named| Some(named) != args.instance.as_ref()) {
        session.screen.talk(&format!("note: {} goes before what is remembered", HostIdentity::VARIABLE));
    }
    let instance = settings.identity.with_instance(session.env.instance.clone()).instance;
    let facts = home.facts(&root)?;
    let told = view::Installation {
        instance,
        codes: settings.codes.iter().map(ToString::to_string).collect(),
        site: settings.site.map(|site| site.to_string()),
        home: home.path().display().to_string(),
    };
    let host = view::Host::of(&facts, told);
    session.screen.each([&host], session.now);
    explain(&facts, session);
    session.screen.json("id", host);
    Ok(Outcome::Done)
}

/// What makes a container one that can be told from others.
fn explain(facts: &HostFacts, session: &mut Session) {
    if !matches!(facts.class, HostClass::Container(_)) || facts.profile() != Profile::Virtual {
        return;
    }
    let absent = |kind| facts.components.get(kind).is_empty();
    if absent(ComponentKind::Instance) {
        session.screen.talk(
            "note: a container is told by the id its operator gives it: airlatch id --instance TEXT, or AIRLATCH_INSTANCE",
        );
    }
    if absent(ComponentKind::Os) {
        session.screen.talk(
            "note: to bind it to the machine below, pass that one's id through: --volume /etc/machine-id:/etc/machine-id:ro",
        );
    }
}
