//! `request`: writes a signed request for a license, a move or a clock reset.

mod args;
mod clock_reset;
mod move_request;
mod notes;
mod write;

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, host_home, trust};
use crate::view;
use airlatch_core::crypto::{self, TrustedSet, Verified};
use airlatch_core::format::{self, limits};
use airlatch_core::host::{self, RequestInput};
use airlatch_core::model::{
    Error, Features, HostFacts, Kind, License, OrderCode, Reason, Request as Document, Salt, SystemId,
};
use airlatch_machine::here::Home;

pub(in crate::cli) use args::Request;
use write::write;

pub(in crate::cli) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    check_texts(args)?;
    match &args.product {
        _ if args.clock_reset => clock_reset::run(args, session),
        _ if args.moved => move_request::run(args, session),
        Some(product) => license(product, args, session),
        None => Err(Error::new(Reason::Usage, "--product is needed").into()),
    }
}

/// Checks the options that become text of the request, for each kind of request.
fn check_texts(args: &Request) -> Result<()> {
    for (option, text, limit) in [
        ("--product-version", &args.product_version, limits::TEXT_FIELD),
        ("--model", &args.model, limits::TEXT_FIELD),
        ("--note", &args.note, limits::NOTE_FIELD),
    ] {
        format::check_text(option, text.as_deref(), limit)?;
    }
    args.product.as_deref().map_or(Ok(()), format::check_product).map_err(|error| error.at("--product"))?;
    Ok(())
}

/// Writes a request for a license.
fn license(product: &str, args: &Request, session: &mut Session) -> Result<Outcome> {
    let mut input = input(product, args)?;
    let home = host_home::locate(session)?;
    let root = session.facts_root(args.root.root.as_deref())?;
    let key = host_home::key(session, &home)?;
    let facts = home.facts(&root)?;
    input.codes.extend(home.settings()?.codes);
    input.codes.sort();
    input.codes.dedup();
    let installed = installed(args, &home, session)?;
    let salt = salt(product, &installed, key.public().system_id());
    let request = host::draft(input, &facts, salt, session.now)?;
    if args.explain {
        return Ok(explain(&request, &facts, session));
    }
    let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, &key);
    notes::of_product(product, installed.licenses.iter().map(|license| &*license.get().product), session);
    notes::of_weak_host(&facts, session);
    notes::of_restricted(&home, &root, session)?;
    write(args, &format!("{}.request", request.product), &request, &sealed, session)
}

/// The licenses of this host that verify, and the keys that it trusts.
struct Installed {
    licenses: Vec<Verified<License>>,
    trusted: TrustedSet,
}

fn installed(args: &Request, home: &Home, session: &mut Session) -> Result<Installed> {
    let trusted = trust::set(session, Some(home), &args.trust)?;
    let open = |bytes: Vec<u8>| {
        let (sealed, _) = format::open_one(&bytes)?;
        format::read_license(&sealed, &trusted)
    };
    let files = home.licenses()?.into_iter();
    let licenses = files.filter_map(|(_, bytes)| bytes.and_then(open).ok()).collect();
    Ok(Installed { licenses, trusted })
}

/// The salt for this vendor and product, taken from an installed license if one verifies.
fn salt(product: &str, installed: &Installed, system_id: SystemId) -> Salt {
    let vendors = installed.trusted.iter().map(|key| key.key_id());
    host::salt(product, system_id, vendors, installed.licenses.iter().map(Verified::get))
}

fn input(product: &str, args: &Request) -> Result<RequestInput> {
    let mut wanted = Features::default();
    for (name, quantity) in &args.feature {
        wanted.add(name.clone(), *quantity)?;
    }
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    Ok(RequestInput {
        product: product.to_owned(),
        version: args.product_version.clone(),
        model: args.model.clone(),
        codes,
        wanted,
        note: args.note.clone(),
        ..RequestInput::default()
    })
}

fn explain(request: &Document, facts: &HostFacts, session: &mut Session) -> Outcome {
    host::explain(request, facts).iter().for_each(|line| session.screen.line(line));
    session.screen.json("request-explained", view::Request::of(request));
    Outcome::Done
}
