//! `desk`: a working desk home.

use airlatch_desk::office;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;
use zeroize::Zeroizing;

use crate::cli::session::Session;
use crate::cli::{Outcome, keys, output};
use crate::cli::{
    desk_home, desk_home::CATALOG, desk_home::KEYS, desk_home::LEDGER, desk_home::SETTINGS,
    desk_home::WITNESS,
};
use airlatch_core::crypto::{self, PrivateKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Reason, Trouble};
use airlatch_desk::ledger::{Act, Draft, Ledger, Witness};
use airlatch_desk::office::DeskSettings;
use airlatch_desk::store::Store;
use airlatch_machine::platform::{Access, Existing};

/// Make a desk: where orders are booked and licenses issued
#[derive(Args)]
pub(in crate::cli) struct Desk {
    #[command(subcommand)]
    verb: DeskVerb,
}

#[derive(Subcommand)]
enum DeskVerb {
    Init(Init),
}

/// Make a desk home: keys, a catalog to fill in, the ledger and its witness
///
/// The folder holds everything the desk needs. Name it afterwards with --desk DIR, or set AIRLATCH_DESK.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch desk init desk --vendor 'ACME Ltd'
  airlatch desk init /srv/airlatch/desk --passphrase-file secret")]
struct Init {
    /// The folder; made if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// The vendor's name, as it stands in the ledger
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,

    /// Take the passphrase of the new key from the first line of FILE instead of asking; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
    passphrase_file: Option<PathBuf>,

    /// Leave the private key without a passphrase
    #[arg(long)]
    no_passphrase: bool,
}

const KEY: &str = "desk.key";
const PUBLIC: &str = "desk.pub";
const TEMPLATE: &str = include_str!("../../../samples/catalog-template.toml");

pub(in crate::cli) fn run(args: &Desk, session: &mut Session) -> Result<Outcome> {
    let DeskVerb::Init(args) = &args.verb;
    format::check_text("--vendor", args.vendor.as_deref(), limits::TEXT_FIELD)?;
    let home = args.folder.as_path();
    if session.files.exists(&home.join(WITNESS)) {
        return Err(Trouble::new(Reason::Exists, "a desk is there already").at(home.display()).into());
    }
    output::refuse_missing_folder(session, home)?;
    session.files.make_dir(home, true)?;
    session.files.safe_for_ledger(home)?;
    let key = key(args, home, session)?;
    let settings = DeskSettings { key: format!("{KEYS}/{KEY}"), actor: None };
    write_new(session, &home.join(CATALOG), TEMPLATE.as_bytes())?;
    write_new(session, &home.join(SETTINGS), &office::write_desk_settings(&settings)?)?;
    ledger(args, home, session)?;
    let shown = home.display();
    let lock = if args.no_passphrase { "without a passphrase" } else { "opened by the passphrase" };
    for line in [
        format!("desk      {shown}"),
        format!("key id    {}", key.key_id()),
        format!("key       {}, {lock}", home.join(KEYS).join(KEY).display()),
        format!("public    {}: hosts trust it", home.join(KEYS).join(PUBLIC).display()),
        format!("catalog   {}", home.join(CATALOG).display()),
        format!("ledger    {}", home.join(LEDGER).display()),
        "next:".to_owned(),
        format!(
            "  1. write down what you sell: {}, then airlatch catalog check --desk {shown}",
            home.join(CATALOG).display()
        ),
        format!(
            "  2. book what was bought: airlatch order new NUMBER --product ID --line FEATURE=N --term '1 year' --desk {shown}"
        ),
        format!("  3. keep a backup elsewhere: airlatch ledger backup FILE --desk {shown}"),
    ] {
        session.screen.line(&line);
    }
    session
        .screen
        .json("desk-init", json!({ "desk": home.display().to_string(), "key_id": key.key_id().to_string() }));
    Ok(Outcome::Done)
}

/// The desk's key pair; one that an interrupted run left is kept.
fn key(args: &Init, home: &Path, session: &mut Session) -> Result<crypto::PublicKey> {
    let folder = home.join(KEYS);
    let (private, public) = (folder.join(KEY), folder.join(PUBLIC));
    session.files.make_dir(&folder, true)?;
    if session.files.exists(&private) {
        if session.files.exists(&public) {
            return Ok(keys::public(session, &public)?);
        }
        let what = "a private key is there without its public half";
        let rescue =
            format!("airlatch keygen --public {} --out {}", private.display(), folder.join("desk").display());
        return Err(Trouble::new(Reason::Exists, what).at(private.display()).detail(rescue).into());
    }
    let key = PrivateKey::from_seed(&Zeroizing::new(session.random()?))?;
    let prompt = "Passphrase for the desk's new key";
    let file = args.passphrase_file.as_deref();
    let pem = match keys::new_passphrase(session, file, args.no_passphrase, prompt)? {
        None => key.to_pem(),
        Some(passphrase) => key.to_encrypted_pem(&passphrase, session.random()?, session.random()?)?,
    };
    // The public half first: whoever runs this again then finds both, or makes a new pair of which nothing was signed.
    session.files.write(&public, key.public().to_pem().as_bytes(), Access::Public, Existing::Replace)?;
    session.files.write(&private, pem.as_bytes(), Access::Private, Existing::Keep)?;
    Ok(key.public())
}

/// A file that an interrupted run may have left, and that somebody may have filled in by now.
fn write_new(session: &Session, path: &Path, bytes: &[u8]) -> Result<()> {
    if !session.files.exists(path) {
        session.files.write(path, bytes, Access::Public, Existing::Keep)?;
    }
    Ok(())
}

fn ledger(args: &Init, home: &Path, session: &mut Session) -> Result<()> {
    let path = home.join(LEDGER);
    let nonce = session.random()?;
    let resolved = session.files.resolve(&path)?;
    // An interrupted run may have left a ledger, or a file that never became one.
    let mut store = match Store::create(&resolved) {
        Err(trouble) if trouble.reason() == Reason::Exists => Store::open(&resolved)?,
        made => made?,
    };
    let (now, actor) = (session.now, session.env.user.clone().unwrap_or_else(|| "desk".into()));
    let witness = store.transact(|book| {
        if book.head()?.number == 0 {
            let act = Act::Opened { nonce, vendor: args.vendor.clone() };
            book.post(Draft { time: now, actor, act, transfers: Vec::new(), sealed: None })?;
        }
        Witness::of(book)
    })?;
    desk_home::keep_witness(session, home, &witness)?;
    Ok(())
}
