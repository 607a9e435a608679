//! `trust`: the vendor keys that licenses on this host are verified with.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, args::FormArgs, host_home, input, trust};
use crate::view;
use airlatch_core::crypto::{self, PublicKey, TrustedSet};
use airlatch_core::format;
use airlatch_core::model::{Cause, Error, KeyId, Kind, Reason};
use airlatch_machine::here::Home;

/// Trust, list and remove the vendor keys of this host
#[derive(Args)]
pub(in crate::cli) struct Trust {
    #[command(subcommand)]
    verb: TrustVerb,
}

#[derive(Subcommand)]
enum TrustVerb {
    Add(Add),
    List(List),
    Remove(Remove),
}

/// Trust a vendor's public key, or the key that signed a license
///
/// A license holds the public key of its signer. It proves nothing by itself: compare its key id with the one that the vendor gave
/// you by another way, such as the order sheet, or give that one with --key-id.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch trust add keys/acme.pub
  airlatch trust add stick/host.license
  airlatch trust add stick/host.license --key-id W5RPG-Y4PHY-BM4A1-0DWNG-NK3CK")]
struct Add {
    /// Public key, or a license or clock reset of the vendor; `-` is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Trust it only if this is its key id; do not ask
    #[arg(long, value_name = "ID")]
    key_id: Option<String>,
}

/// List the trusted keys of this host
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch trust list")]
struct List {
    #[command(flatten)]
    form: FormArgs,
}

/// Stop trusting a key: licenses that it signed are no longer valid on this host
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch trust remove W5RPG-Y4PHY-BM4A1-0DWNG-NK3CK")]
struct Remove {
    /// Key id, as in `trust list`
    #[arg(value_name = "ID")]
    key_id: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(in crate::cli) fn run(args: &Trust, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    match &args.verb {
        TrustVerb::Add(args) => add(args, &home, session),
        TrustVerb::List(args) => list(args, &home, session),
        TrustVerb::Remove(args) => remove(args, &home, session),
    }
}

fn add(args: &Add, home: &Home, session: &mut Session) -> Result<Outcome> {
    let expected = args.key_id.as_deref().map(str::parse::<KeyId>).transpose()?;
    let bytes = input::document(session, &args.file)?;
    let (key, signed) = key_in(&bytes).map_err(|error| error.at(input::place(&args.file)))?;
    if !session.built_in.is_empty() {
        trust::built_in(session, &[key])?;
    }
    let id = key.key_id();
    let known = home.trusted()?.0.contains(&key);
    match (expected, signed) {
        (Some(expected), _) if expected != id => {
            let error = Error::new(Reason::UntrustedKey, "this is another key than the one you named");
            let error = error.detail(format!("named  {expected}")).detail(format!("file   {id}"));
            return Err(error.at(input::place(&args.file)).into());
        }
        (None, Some(kind)) if !known => {
            session.screen.line(&format!("key id  {id}, the signer of this {}", kind.word()));
            session.screen.finish()?;
            let question = "Is this the key id that the vendor gave you, as on the order sheet?";
            if !session.ask.confirm(question, &format!("--key-id {id}"))? {
                return Err(Error::new(Reason::Declined, "the key is not trusted").into());
            }
        }
        _ => {}
    }
    home.add_trusted(key)?;
    let done = if known { "was trusted already" } else { "is trusted on this host from now on" };
    session.screen.line(&format!("{id} {done}"));
    session.screen.json("trust-add", json!({ "key_id": id.to_string(), "added": !known }));
    Ok(Outcome::Done)
}

/// The key in a key file, or that of the signer of a document, with the document's kind.
fn key_in(bytes: &[u8]) -> Result<(PublicKey, Option<Kind>), Error> {
    let Ok((sealed, _)) = format::open_one(bytes) else {
        return crypto::read_key(bytes).and_then(crypto::expect_public).map(|key| (key, None));
    };
    let kind = sealed.kind();
    if !matches!(kind, Kind::License | Kind::ClockReset) {
        let message = format!("a {} is not signed by a vendor", kind.word());
        return Err(Error::new(Reason::WrongKind, message).because(Cause::DocumentGiven(kind)));
    }
    let key = PublicKey::from_bytes(sealed.named_signer())?;
    crypto::check(&sealed, kind, &TrustedSet::new([key]))?;
    Ok((key, Some(kind)))
}

fn list(args: &List, home: &Home, session: &mut Session) -> Result<Outcome> {
    let mut keys: Vec<(KeyId, String)> = Vec::new();
    if session.built_in.is_empty() {
        for (path, key) in home.trusted_files()? {
            match key {
                Ok(key) => keys.push((key.key_id(), path.display().to_string())),
                Err(error) => {
                    session.screen.talk(&format!("note: not trusted: {}", error.at(path.display())))
                }
            }
        }
    } else {
        let built_in = trust::built_in(session, &[])?;
        keys.extend(built_in.iter().map(|key| (key.key_id(), "built into this airlatch".to_owned())));
    }
    session.screen.table("trust", &view::trusted_keys(&keys), args.form.tsv);
    Ok(Outcome::Done)
}

fn remove(args: &Remove, home: &Home, session: &mut Session) -> Result<Outcome> {
    let id: KeyId = args.key_id.parse()?;
    if !session.built_in.is_empty() {
        let message = "this airlatch was built with its trusted keys: none can be removed";
        return Err(Error::new(Reason::BuiltInTrust, message).into());
    }
    let is_it = |key: &PublicKey| key.key_id() == id;
    if !home.trusted()?.0.iter().any(is_it) {
        let message = format!("{id} is not trusted on this host");
        return Err(Error::new(Reason::NotFound, message).at(home.path().display()).into());
    }
    let signed = home.licenses()?.into_iter().filter(|(_, bytes)| {
        let sealed = bytes.as_ref().ok().and_then(|bytes| format::open_one(bytes).ok());
        sealed
            .and_then(|(sealed, _)| PublicKey::from_bytes(sealed.named_signer()).ok())
            .is_some_and(|key| is_it(&key))
    });
    match signed.count() {
        0 => {}
        1 => {
            session.screen.line("1 installed license is signed with it, and will not be valid here any more")
        }
        many => session.screen.line(&format!(
            "{many} installed licenses are signed with it, and will not be valid here any more"
        )),
    }
    session.confirm(&format!("Stop trusting {id}?"), args.yes, "the key is still trusted")?;
    home.remove_trusted(id)?;
    session.screen.line(&format!("{id} is no longer trusted on this host"));
    session.screen.json("trust-remove", json!({ "key_id": id.to_string() }));
    Ok(Outcome::Done)
}
