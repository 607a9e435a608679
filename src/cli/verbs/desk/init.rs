//! `desk init`: creates a desk folder.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use crate::cli::session::Session;
use crate::cli::{Outcome, keys, output};
use airlatch_core::crypto::{PrivateKey, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_desk::office::{CATALOG, LEDGER, NewDesk};

/// Create a desk folder: a key pair, a catalog to fill in, the ledger and its witness
///
/// The folder holds everything the desk needs. Later commands find it by --desk DIR or by AIRLATCH_DESK.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch desk init desk --vendor 'ACME Ltd'
  airlatch desk init /srv/airlatch/desk --passphrase-file secret")]
pub(super) struct Init {
    /// Desk folder; created if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Vendor name to record in the ledger
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,

    /// Read the new private key's passphrase from the first line of FILE instead of asking; `-` is stdin, env:NAME a
    /// variable
    #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
    passphrase_file: Option<PathBuf>,

    /// Store the private key without a passphrase
    #[arg(long)]
    no_passphrase: bool,
}

const TEMPLATE: &str = include_str!("../../../../samples/catalog-template.toml");

pub(super) fn run(args: &Init, session: &mut Session) -> Result<Outcome> {
    format::check_text("--vendor", args.vendor.as_deref(), limits::TEXT_FIELD)?;
    let (files, home) = (session.files.clone(), args.folder.as_path());
    NewDesk::refuse_existing(&files, home)?;
    output::refuse_missing_folder(session, home)?;
    let desk = NewDesk::begin(&files, home)?;
    let key = match desk.key_left()? {
        Some(key) => key,
        None => new_key(args, &desk, session)?,
    };
    desk.write_files(TEMPLATE)?;
    let actor = session.env.user.clone().unwrap_or_else(|| "desk".into());
    desk.open_ledger(args.vendor.clone(), session.random()?, &actor, session.now)?;
    let shown = home.display();
    let lock = if args.no_passphrase { "without a passphrase" } else { "protected by the passphrase" };
    for line in [
        format!("desk      {shown}"),
        format!("key id    {}", key.key_id()),
        format!("key       {}, {lock}", desk.private_key().display()),
        format!("public    {}: install it on hosts with --trust", desk.public_key().display()),
        format!("catalog   {}", home.join(CATALOG).display()),
        format!("ledger    {}", home.join(LEDGER).display()),
        "next:".to_owned(),
        format!(
            "  1. describe your products in {}, then check it: airlatch catalog check --desk {shown}",
            home.join(CATALOG).display()
        ),
        format!(
            "  2. book an order: airlatch order new NUMBER --product ID --line FEATURE=N --term '1 year' --desk {shown}"
        ),
        format!("  3. back up the whole desk to another disk: airlatch desk backup DIR --desk {shown}"),
    ] {
        session.screen.line(&line);
    }
    session
        .screen
        .json("desk-init", json!({ "desk": home.display().to_string(), "key_id": key.key_id().to_string() }));
    Ok(Outcome::Done)
}

/// Creates the desk's key pair.
fn new_key(args: &Init, desk: &NewDesk<'_>, session: &mut Session) -> Result<PublicKey> {
    let key = PrivateKey::from_seed(&Zeroizing::new(session.random()?))?;
    let prompt = "Passphrase for the desk's new key";
    let file = args.passphrase_file.as_deref();
    let pem = match keys::new_passphrase(session, file, args.no_passphrase, prompt)? {
        None => key.to_pem(),
        Some(passphrase) => key.to_encrypted_pem(&passphrase, session.random()?, session.random()?)?,
    };
    desk.write_key(&key, &pem)?;
    Ok(key.public())
}
