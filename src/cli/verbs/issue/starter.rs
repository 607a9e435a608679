//! `issue --starter`: the license to ship with a product, for the first days on any host.

use std::path::PathBuf;

use anyhow::Result;

use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{Outcome, target::Document};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::desk;

use super::args::Issue;
use super::shown::{proposal, result};

pub(super) fn run(args: &Issue, product: &str, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    let target = args.target(PathBuf::from(format!("{product}-starter.license")), &key, session)?;
    let license = desk::starter(desk.operator().product(product)?, session.now)?;
    let signing = args.signing(&key, Some(&desk), &target, session)?;
    target.refuse_missing_folder(session)?;
    let proposal = proposal(&license, &MacRule::default(), Vec::new(), Vec::new(), session.now);
    signing.sign(proposal, args.consent(), session, |key, _| {
        let issued = desk::seal_starter(license, key)?;
        let id = issued.sealed.document_id();
        Ok(Document {
            kind: "issue",
            text: Some(issued.text()),
            value: result(id, &issued.license, key.public()),
            line: format!("license {id} written to {}; ship it with the product", target.path().display()),
            kept: None,
        })
    })
}
