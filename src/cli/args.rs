//! Options shared by several verbs, and the parser of a feature argument.

use std::path::PathBuf;

use clap::Args;

use airlatch_core::model::{FeatureName, Quantity};

/// How a private key is opened.
#[derive(Args)]
pub(super) struct KeyArgs {
    /// Read the private key's passphrase from the first line of FILE instead of asking; `-` is stdin, env:NAME a variable
    #[arg(long, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,

    /// Use the private key even if other users can read its file, as on a FAT-formatted stick
    #[arg(long)]
    pub(super) accept_insecure_key: bool,
}

/// Which desk, and the name to record in its ledger. A verb that records nothing hides --actor, but accepts it.
#[derive(Args)]
pub(super) struct DeskArgs {
    /// Desk folder: catalog, ledger, keys [default: $AIRLATCH_DESK, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(super) desk: Option<PathBuf>,

    /// Person or job to record in the ledger [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,
}

/// Output format of a table, besides text and JSON.
#[derive(Args)]
pub(super) struct FormArgs {
    /// Print TAB-separated lines with a header, for spreadsheets and scripts
    #[arg(long, conflicts_with = "json")]
    pub(super) tsv: bool,
}

/// Where the facts about the host are read.
#[derive(Args)]
pub(super) struct RootArgs {
    /// Read hardware and settings below DIR: a captured machine instead of this host
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

/// Parses a whole number from 0 to `MAX`.
pub(super) fn whole_number<const MAX: u64, T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let number: Option<u64> = plain.then(|| text.parse().ok()).flatten();
    let number = number.filter(|number| *number <= MAX).and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| match MAX {
        u64::MAX => "expected a whole number".into(),
        _ => format!("expected a whole number from 0 to {MAX}"),
    })
}

/// Parses `sessions=100`, or `voicemail` for a switch.
pub(super) fn feature(text: &str) -> Result<(FeatureName, Quantity), String> {
    let message = |error: airlatch_core::model::Error| error.message().to_owned();
    let Some((name, number)) = text.split_once('=') else {
        return Ok((text.parse().map_err(message)?, Quantity::On));
    };
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number = plain.then(|| number.parse().ok()).flatten();
    let number = number.ok_or_else(|| "expected a whole number after `=`, as in sessions=100".to_owned())?;
    Ok((name.parse().map_err(message)?, Quantity::count(number).map_err(message)?))
}
