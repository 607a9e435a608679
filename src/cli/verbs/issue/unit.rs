//! The unit of a license: the host of a request, or a typed id.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::cli::input;
use crate::cli::session::Session;
use airlatch_core::crypto::Verified;
use airlatch_core::model::{Error, License, Lock, Reason, Request, SiteSerial};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::charge::Applicant;

/// The options that name a unit by its id.
#[derive(Args)]
pub(super) struct UnitArgs {
    /// Unit: the installation with this System ID
    #[arg(long, value_name = "ID")]
    system_id: Option<String>,

    /// Unit: the hardware with this Locking ID
    #[arg(long, value_name = "ID")]
    locking_id: Option<String>,

    /// Unit: the device with this MAC, with or without its check digits in brackets
    #[arg(long, value_name = "MAC")]
    mac: Option<String>,

    /// Unit: all devices of the site with this serial; `new` creates a serial
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,
}

/// The unit named on the command line.
pub(super) struct Unit {
    named: Named,
    /// Whether its site serial was created in this run.
    new_site: bool,
}

enum Named {
    Request(Box<Verified<Request>>),
    Typed(Applicant<'static>),
}

impl Unit {
    /// The host of the request, else the typed unit; `rule` gives the MAC rule of the product.
    pub(super) fn read(
        args: &UnitArgs,
        request: Option<Verified<Request>>,
        rule: impl FnOnce() -> airlatch_core::model::Result<MacRule>,
        session: &mut Session,
    ) -> Result<Self> {
        let typed = |ask| Ok(Self { named: Named::Typed(ask), new_site: false });
        if let Some(request) = request {
            return Ok(Self { named: Named::Request(Box::new(request)), new_site: false });
        }
        if let Some(id) = &args.system_id {
            return typed(Applicant::SystemId(id.parse()?));
        }
        if let Some(id) = &args.locking_id {
            return typed(Applicant::LockingId(id.parse()?));
        }
        if let Some(mac) = &args.mac {
            return typed(Applicant::Mac(rule()?.read(mac)?));
        }
        match args.site.as_deref() {
            Some("new") => {
                let ask = Applicant::Site(SiteSerial::from_digest(&session.random()?));
                Ok(Self { named: Named::Typed(ask), new_site: true })
            }
            Some(serial) => typed(Applicant::Site(serial.parse()?)),
            None => Err(Error::new(
                Reason::Usage,
                "name the unit: a request file, --system-id, --locking-id, --mac or --site",
            )
            .into()),
        }
    }

    /// The applicant, as the desk checks it.
    pub(super) fn ask(&self) -> Applicant<'_> {
        match &self.named {
            Named::Request(request) => Applicant::Request(request),
            Named::Typed(ask) => *ask,
        }
    }

    /// The request of its host, if there is one.
    pub(super) fn request(&self) -> Option<&Request> {
        match &self.named {
            Named::Request(request) => Some(request.get()),
            Named::Typed(_) => None,
        }
    }

    /// The default output: beside the request file, else named for the unit in the working directory.
    pub(super) fn file(&self, request: Option<&Path>) -> PathBuf {
        let name = match (self.ask(), request) {
            (_, Some(path)) if !input::is_stream(path) => return path.with_extension("license"),
            (Applicant::Request(request), _) => request.get().system_id.to_string(),
            (Applicant::SystemId(id), _) => id.to_string(),
            (Applicant::LockingId(id), _) => id.to_string(),
            (Applicant::Mac(mac), _) => mac.bare(),
            (Applicant::Site(site), _) => site.to_string(),
        };
        PathBuf::from(format!("{name}.license"))
    }

    /// Where the license will not run, if its host is named by an id that does not tell what kind of host it is.
    pub(super) fn unseen_host(&self, license: &License) -> Option<String> {
        let is_unseen = matches!(self.named, Named::Typed(Applicant::SystemId(_) | Applicant::Mac(_)))
            && matches!(license.lock, Lock::SystemId(_) | Lock::Mac(_));
        let kinds = match (license.allow.virtual_machines, license.allow.containers) {
            (true, true) => return None,
            (false, false) => "virtual machines or containers",
            (false, true) => "virtual machines",
            (true, false) => "containers",
        };
        is_unseen.then(|| format!("the host was not seen: the license will not run on {kinds}"))
    }

    /// The notes of the proposal: those of the request, those of the desk, and that the site serial of a dry run is an example.
    pub(super) fn notes(&self, found: &[String], dry_run: bool) -> Vec<String> {
        let mut notes: Vec<String> = self.request().map(request_notes).unwrap_or_default();
        notes.extend_from_slice(found);
        if self.new_site && dry_run {
            notes.push("the site serial shown is an example; a new one is made when it is issued".into());
        }
        notes
    }
}

/// What a request says and the license does not repeat: its note, its authorization codes, and the license it moves.
pub(super) fn request_notes(request: &Request) -> Vec<String> {
    let codes = request.codes.iter().map(|code| format!("the request names the code {code}"));
    let note = request.note.iter().map(|note| format!("the request says: {note}"));
    let moves =
        request.replaces.iter().map(|id| format!("the request asks to move license {id} to this hardware"));
    note.chain(codes).chain(moves).collect()
}
