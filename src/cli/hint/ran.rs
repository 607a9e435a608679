//! The command that ran: its name, and the options that it has.

use std::ffi::OsString;

use clap::Command;

/// A command such as `order new`, and its long options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The words behind `airlatch`.
    command: String,
    options: Vec<String>,
}

impl Ran {
    /// The command that was typed; `definition` has read the arguments already, so its verb is complete.
    pub(crate) fn typed(definition: &Command, args: &[OsString]) -> Self {
        let (mut at, mut words) = (definition, Vec::new());
        for word in args.iter().skip(1).filter_map(|arg| arg.to_str()) {
            if let Some(deeper) = at.find_subcommand(word) {
                words.push(deeper.get_name());
                at = deeper;
            }
        }
        Self { command: words.join(" "), options: options(at) }
    }

    /// A verb about which nothing more is known.
    pub(super) fn verb_alone(verb: &str) -> Self {
        Self { command: verb.to_owned(), options: Vec::new() }
    }

    /// The words behind `airlatch`; empty without a known verb.
    pub(crate) fn command(&self) -> &str {
        &self.command
    }

    /// The first word: `order`.
    pub(super) fn verb(&self) -> &str {
        self.command.split(' ').next().unwrap_or_default()
    }

    /// Whether the command has this long option.
    pub(super) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|it| it == option)
    }

    /// Whether the command is one of a host.
    pub(super) fn is_at_host(&self) -> bool {
        let verbs = ["id", "request", "verify", "status", "install", "release", "doctor", "what-if", "trust"];
        verbs.contains(&self.verb())
    }

    /// Whether the command works with the home of its host.
    pub(super) fn needs_host(&self) -> bool {
        self.is_at_host() && self.verb() != "verify"
    }

    /// Whether the command is one of a desk.
    pub(super) fn is_at_desk(&self) -> bool {
        matches!(self.verb(), "account" | "order" | "issue" | "batch" | "ledger" | "desk" | "catalog")
    }
}

/// All names of the long options, with their aliases.
fn options(command: &Command) -> Vec<String> {
    let names = command.get_arguments().flat_map(|it| it.get_long_and_visible_aliases().unwrap_or_default());
    names.map(str::to_owned).collect()
}
