//! `request --clock-reset`: a signed request to reset this host's clock mark.

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, host_home, trust};
use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::host::{self, RequestInput};
use airlatch_core::model::{Error, Kind, Reason};
use airlatch_core::rules;
use airlatch_machine::here::{Home, ThisHost};

use super::args::Request;
use super::write::write;

pub(super) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    home.refuse_lost_key()?;
    let host = ThisHost::read(&home, &session.root)?;
    let ask = host.clock_reset_request()?;
    if !rules::is_behind(session.now, ask.latest_time) {
        let what = "this host's clock is not behind its clock mark: there is nothing to reset";
        let error = Error::new(Reason::ClockRight, what).detail(format!("clock      {}", session.now));
        return Err(error.detail(format!("known      {}", ask.latest_time)).into());
    }
    let key = host_home::key(session, &home)?;
    let product = args.product.clone().map_or_else(|| installed(&home, session), Ok)?;
    let input =
        RequestInput { product, note: args.note.clone(), clock: Some(ask), ..RequestInput::default() };
    let request = host::draft(input, &host.facts, session.random()?, session.now)?;
    let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, &key);
    write(args, "reset.request", &request, &sealed, session)
}

/// The product of an installed license.
fn installed(home: &Home, session: &mut Session) -> Result<String> {
    let trusted = trust::set(session, Some(home), &[])?;
    let licenses = home.licenses()?.into_iter();
    let mut opened = licenses.filter_map(|(_, bytes)| host::open(&bytes.ok()?, &trusted).ok());
    let none = || Error::new(Reason::Usage, "no license is installed, so --product is needed");
    Ok(opened.next().ok_or_else(none)?.license.get().product.clone())
}
