//! What a run knows of its own situation, so that a hint need not ask for it.

use std::path::Path;
use std::rc::Rc;

use airlatch_core::model::{Error, License, Subject};
use clap::ArgMatches;

use super::Ran;

/// Values of the command line, of the license in question, and of the error.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The command that ran; none before the command line was understood.
    pub(crate) ran: Option<Rc<Ran>>,
    /// `--home`, as it was typed.
    pub(crate) home: Option<String>,
    /// `--desk`, as it was typed.
    pub(crate) desk: Option<String>,
    pub(crate) product: Option<String>,
    /// `--product`, as it was typed: the product of the license in question may be another one.
    pub(crate) asked: Option<String>,
    /// `--feature`, as it was typed.
    pub(crate) feature: Option<String>,
    /// The one file that it is about.
    pub(crate) file: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) unit: Option<String>,
    /// The number of the user who runs this.
    pub(crate) user: Option<String>,
    /// Another file or folder, to go on with.
    pub(crate) there: Option<String>,
    /// `--trust`, as it was typed.
    pub(crate) trust: Option<String>,
    /// The number of an entry of the ledger.
    pub(crate) entry: Option<String>,
    /// Names for new files, for those of a hint that stand there already.
    pub(crate) free_names: Vec<(&'static str, String)>,
    /// Whether files were named, so that it is not about what is installed.
    pub(crate) names_files: bool,
    /// Whether the hardware of another machine was named, so that nothing can be asked for in its place.
    pub(crate) names_root: bool,
    /// Whether this program was built with its trusted keys, so that no other one can be trusted.
    pub(crate) has_built_in_keys: bool,
    /// Nothing is filled in: for what is sent away.
    pub(crate) closed: bool,
}

impl Known {
    /// What was typed; where several files or codes were, none of them is the one.
    pub(crate) fn of(matches: &ArgMatches, ran: Ran) -> Self {
        let mut levels = vec![matches];
        while let Some((_, deeper)) = levels.last().and_then(|level| level.subcommand()) {
            levels.push(deeper);
        }
        let value = |names: &[&str]| {
            let level = |level: &&ArgMatches, name: &str| {
                let mut values = level.try_get_raw(name).ok()??;
                let first = values.next()?.to_str()?.to_owned();
                (values.next().is_none() && first != "-").then_some(first)
            };
            names.iter().find_map(|name| levels.iter().rev().find_map(|it| level(it, name)))
        };
        Self {
            home: value(&["home"]),
            desk: value(&["desk"]),
            ran: Some(Rc::new(ran)),
            product: value(&["product"]),
            asked: value(&["product"]),
            feature: value(&["feature"]),
            file: value(&["files", "file", "request", "receipt", "license"]),
            code: value(&["code"]),
            order: None,
            account: None,
            license: None,
            unit: value(&["system_id", "locking_id", "mac"]),
            user: None,
            there: None,
            trust: value(&["trust"]),
            entry: None,
            free_names: Vec::new(),
            names_root: value(&["root"]).is_some(),
            names_files: matches
                .subcommand()
                .is_some_and(|(_, verb)| verb.try_contains_id("files").is_ok_and(|it| it)),
            has_built_in_keys: false,
            closed: false,
        }
    }

    /// With free names for the files that hints write, where `exists` says that one stands there.
    pub(crate) fn with_free_names(self, exists: impl Fn(&Path) -> bool) -> Self {
        let free = |name: &'static str| {
            let (stem, ending) = name.split_once('.')?;
            let numbered = (2..100).map(|number| format!("{stem}-{number}.{ending}"));
            let taken = exists(Path::new(name));
            taken
                .then(|| numbered.into_iter().find(|name| !exists(Path::new(name))))?
                .map(|free| (name, free))
        };
        Self { free_names: ["host.request", "reset.request"].into_iter().filter_map(free).collect(), ..self }
    }

    /// Nothing, whatever an error may say: for a file that is sent away.
    pub(crate) fn nothing() -> Self {
        Self { closed: true, ..Self::default() }
    }

    /// With what a license says.
    pub(crate) fn with_license(&self, license: &License) -> Self {
        Self { product: Some(license.product.clone()), ..self.clone() }
    }

    /// With the file that it is about.
    pub(crate) fn with_file(&self, file: &Path) -> Self {
        let typed = file.to_str().filter(|name| *name != "-");
        Self { file: typed.map(str::to_owned), ..self.clone() }
    }

    /// With what an error is about.
    pub(crate) fn with_error(&self, error: &Error) -> Self {
        let mut known = self.clone();
        if known.closed {
            return known;
        }
        let text = |value: &str| Some(value.to_owned());
        if let Some(path) = error.path().and_then(Path::to_str) {
            known.file = text(path);
        }
        known.code = error.code().and_then(text).or(known.code);
        // As it is shown, with its kind in front; it is typed without.
        let unit = error.unit().and_then(|unit| unit.split(' ').next_back()).and_then(text);
        known.unit = unit.or(known.unit);
        for subject in error.subjects() {
            if let Subject::Entry(number) = subject {
                known.entry = Some(number.to_string());
            }
            let (field, value) = match subject {
                Subject::Product(id) => (&mut known.product, id),
                Subject::License(id) => (&mut known.license, id),
                Subject::Code(code) => (&mut known.code, code),
                Subject::Order(number) => (&mut known.order, number),
                Subject::Feature(feature) => (&mut known.feature, feature),
                Subject::Account(name) => (&mut known.account, name),
                Subject::Unit(unit) => (&mut known.unit, unit),
                Subject::User(user) => {
                    known.user = text(user);
                    continue;
                }
                Subject::Path(path) => {
                    known.there = text(path);
                    continue;
                }
                _ => continue,
            };
            *field = Some(value.clone());
        }
        known
    }

    /// The command that ran, if it is one of this verb.
    pub(super) fn ran(&self, verb: &str) -> Ran {
        let ran = self.ran.as_deref().filter(|ran| ran.verb() == verb && !self.closed);
        ran.cloned().unwrap_or_else(|| Ran::verb_alone(verb))
    }

    /// The words behind `airlatch` of the command that ran.
    pub(super) fn command(&self) -> &str {
        self.ran.as_deref().map_or("", Ran::command)
    }

    /// What stands for a name in capitals, or for a file that would be written over.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        match name {
            "PRODUCT" => self.product.clone(),
            "ASKED" => self.asked.clone(),
            "FEATURE" => self.feature.clone(),
            "FILE" => self.file.clone(),
            "FOLDER" => self.folder(),
            "CODE" => self.code.clone(),
            "NUMBER" => self.order.clone(),
            "ACCOUNT" => self.account.clone(),
            "LICENSE" => self.license.clone(),
            "UNIT" => self.unit.clone(),
            "USER" => self.user.clone(),
            "THERE" => self.there.clone(),
            "ENTRY" => self.entry.clone(),
            name => self.free_names.iter().find(|(taken, _)| *taken == name).map(|(_, free)| free.clone()),
        }
    }

    /// The folder of the file.
    fn folder(&self) -> Option<String> {
        let folder = Path::new(self.file.as_deref()?).parent()?.to_str()?;
        Some(if folder.is_empty() { ".".to_owned() } else { folder.to_owned() })
    }
}
