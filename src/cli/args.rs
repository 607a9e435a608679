//! Options that several verbs have, and how a feature is typed.

use std::path::PathBuf;

use clap::Args;

use airlatch_core::model::{FeatureName, Quantity};

/// How a private key is opened.
#[derive(Args)]
pub(super) struct KeyArgs {
    /// Read the key's passphrase from the first line of FILE instead of asking; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,

    /// Use the key although others may read its file, as on a stick that holds no access rights
    #[arg(long)]
    pub(super) accept_insecure_key: bool,
}

/// Which desk, and who works at it.
#[derive(Args)]
pub(super) struct DeskArgs {
    /// Folder of the desk: catalog, ledger, keys [default: $AIRLATCH_DESK, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(super) desk: Option<PathBuf>,

    /// Who does it, as the ledger will name the person or job [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,
}

/// The form of a table, besides text and JSON.
#[derive(Args)]
pub(super) struct FormArgs {
    /// Print TAB-separated lines with a head, for spreadsheets and scripts
    #[arg(long, conflicts_with = "json")]
    pub(super) tsv: bool,
}

/// Whose facts are read.
#[derive(Args)]
pub(super) struct RootArgs {
    /// Read this host's facts below DIR: a captured machine, not the one in front of you
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

/// Reads `sessions=100`, or `voicemail` for a switch.
pub(super) fn feature(text: &str) -> Result<(FeatureName, Quantity), String> {
    let words = |error: airlatch_core::model::Error| error.message().to_owned();
    let Some((name, number)) = text.split_once('=') else {
        return Ok((text.parse().map_err(words)?, Quantity::On));
    };
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number = plain.then(|| number.parse().ok()).flatten();
    let number =
        number.ok_or_else(|| "after `=` belongs a plain whole number, as in sessions=100".to_owned())?;
    Ok((name.parse().map_err(words)?, Quantity::count(number).map_err(words)?))
}
