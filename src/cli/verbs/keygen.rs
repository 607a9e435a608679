//! `keygen`: creates a vendor's key pair, or writes the public key of an existing private key.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use crate::cli::args::KeyArgs;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, keys, output};
use airlatch_core::crypto::PrivateKey;
use airlatch_core::model::{Error, Reason};
use airlatch_machine::platform::{Access, Existing};

/// Create a vendor's key pair
///
/// Writes NAME.key, the private key that signs licenses, and NAME.pub, the public key that hosts trust. Both are PEM files
/// that OpenSSL can read. Only you can read the private key, and it is never overwritten.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch keygen --out keys/acme
  airlatch keygen --out ci/test --no-passphrase
  airlatch keygen --public keys/acme.key --out keys/acme")]
pub(in crate::cli) struct Keygen {
    /// Write NAME.key and NAME.pub
    #[arg(long, value_name = "NAME")]
    out: PathBuf,

    /// Read the passphrase from the first line of FILE instead of asking; `-` is stdin, env:NAME a
    /// variable
    #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
    passphrase_file: Option<PathBuf>,

    /// Store the private key without a passphrase
    #[arg(long)]
    no_passphrase: bool,

    /// Write the public key of this private key; create no new one; `-` is stdin, env:NAME a variable
    #[arg(long, value_name = "KEY", conflicts_with = "no_passphrase")]
    public: Option<PathBuf>,

    /// Write or use the private key even if other users can read its file, as on a FAT-formatted stick
    #[arg(long)]
    accept_insecure_key: bool,
}

pub(in crate::cli) fn run(args: &Keygen, session: &mut Session) -> Result<Outcome> {
    if session.files.is_dir(&args.out) {
        let what = "this is a folder; name the key pair in it, as in keys/acme";
        return Err(Error::new(Reason::BadValue, what).at(args.out.display()).into());
    }
    let (private_path, public_path) = (with_ending(&args.out, "key")?, with_ending(&args.out, "pub")?);
    if let Some(key) = &args.public {
        return write_public_key(args, key, &public_path, session);
    }
    for path in [&private_path, &public_path] {
        session.files.discard_leftover(path);
    }
    for path in [&private_path, &public_path] {
        refuse_existing(session, path, &private_path, &public_path)?;
    }
    let key = PrivateKey::from_seed(&Zeroizing::new(session.random()?))?;
    let prompt = "Passphrase for the new key";
    let file = args.passphrase_file.as_deref();
    let pem = match keys::new_passphrase(session, file, args.no_passphrase, prompt)? {
        None => key.to_pem(),
        Some(passphrase) => key.to_encrypted_pem(&passphrase, session.random()?, session.random()?)?,
    };
    if let Some(folder) = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // Creates one folder, as keys/ for keys/acme; creating its parents too would hide a stick that is not mounted.
        output::refuse_missing_folder(session, folder)?;
        session.files.make_dir(folder, true)?;
    }
    // The private key first: a public key whose private key was never written must not reach a host.
    write_private(args, &private_path, pem.as_bytes(), session)?;
    let public = key.public();
    if let Err(error) =
        session.files.write(&public_path, public.to_pem().as_bytes(), Access::Public, Existing::Keep)
    {
        session.files.remove(&private_path)?;
        return Err(error.into());
    }
    let encrypted = !args.no_passphrase;
    let lock = if encrypted { "protected by the passphrase" } else { "without a passphrase" };
    session.screen.line(&format!("key id       {}", public.key_id()));
    session.screen.line(&format!("private key  {}, {lock}: keep it at the desk", private_path.display()));
    session.screen.line(&format!("public key   {}: install it on hosts with --trust", public_path.display()));
    session.screen.json(
        "keygen",
        json!({ "key_id": public.key_id().to_string(), "private": input::name(&private_path), "public": input::name(&public_path), "encrypted": encrypted }),
    );
    Ok(Outcome::Done)
}

/// Writes the private key with mode 0600; on a medium without access rights only with --accept-insecure-key.
fn write_private(args: &Keygen, path: &Path, pem: &[u8], session: &Session) -> Result<()> {
    match session.files.write(path, pem, Access::Private, Existing::Keep) {
        Err(error) if error.reason() == Reason::ExposedKey && args.accept_insecure_key => {
            session.files.write(path, pem, Access::Public, Existing::Keep)?;
        }
        written => drop(written?),
    }
    Ok(())
}

fn write_public_key(args: &Keygen, key: &Path, public_path: &Path, session: &mut Session) -> Result<Outcome> {
    let key_args = KeyArgs {
        passphrase_file: args.passphrase_file.clone(),
        accept_insecure_key: args.accept_insecure_key,
    };
    let key = keys::load(session, key, &key_args)?;
    let public = keys::open(session, key, &key_args)?.public();
    session.files.write(public_path, public.to_pem().as_bytes(), Access::Public, Existing::Keep)?;
    session.screen.line(&format!("key id      {}", public.key_id()));
    session.screen.line(&format!("public key  {}: install it on hosts with --trust", public_path.display()));
    session
        .screen
        .json("keygen", json!({ "key_id": public.key_id().to_string(), "public": input::name(public_path) }));
    Ok(Outcome::Done)
}

/// Refuses an existing key file; no option replaces it.
fn refuse_existing(session: &Session, path: &Path, private: &Path, public: &Path) -> Result<()> {
    if !session.files.exists(path) {
        return Ok(());
    }
    let mut error = Error::new(Reason::Exists, "a key exists already, and a key is never written over");
    if path == private && !session.files.exists(public) {
        // Quoted for a shell if needed, so that the command can be pasted.
        let quoted = |path: &Path| {
            let name = path.display().to_string();
            let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+".contains(c));
            if is_plain { name } else { format!("'{}'", name.replace('\'', r"'\''")) }
        };
        let (key, out) = (quoted(private), quoted(&private.with_extension("")));
        let rescue = format!("airlatch keygen --public {key} --out {out}");
        error = error.detail(format!("its public key is missing; write it: {rescue}"));
    }
    Err(error.at(path.display()).into())
}

/// `NAME.key` or `NAME.pub` from `NAME`, `NAME.key` or `NAME.pub`.
fn with_ending(out: &Path, ending: &str) -> Result<PathBuf> {
    let stem = match out.extension().and_then(|e| e.to_str()) {
        Some("key" | "pub") => out.with_extension(""),
        _ => out.to_owned(),
    };
    let Some(name) = stem.file_name() else {
        let what = format!("`{}` names no file to write to", out.display());
        return Err(Error::new(Reason::BadValue, what).at("--out").into());
    };
    let mut name = name.to_owned();
    name.push(".");
    name.push(ending);
    Ok(stem.with_file_name(name))
}
