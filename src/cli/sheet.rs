//! The order sheet for the person who activates: as text, and as a web page with a QR code.

use airlatch_desk::sheets;
use std::path::Path;

use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::catalog::LockKind;
use airlatch_desk::orders::Pool;
use airlatch_desk::sheets::Sheet;

use super::output;
use super::session::Session;
use airlatch_desk::office::DeskHome;

/// The sheet as plain text.
pub(super) fn text(desk: &DeskHome, pool: &Pool) -> String {
    sheets::sheet_text(&sheet(desk, pool))
}

/// The sheet as one self-contained HTML page.
pub(super) fn page(desk: &DeskHome, pool: &Pool) -> Result<String> {
    let code = sheets::code_svg(&pool.code.to_string())?;
    Ok(sheets::sheet_page(&sheet(desk, pool), &code))
}

/// Writes the page; an existing file is replaced only with `force`.
pub(super) fn write(session: &Session, desk: &DeskHome, pool: &Pool, path: &Path, force: bool) -> Result<()> {
    let again = || {
        format!(
            "the code is {}; write its page again: airlatch order show {} --page FILE",
            pool.code, pool.code
        )
    };
    output::file(session, path, &page(desk, pool)?, force).map_err(|error| error.detail(again()))
}

/// Refuses an existing file before anything is booked.
pub(super) fn refuse_existing(session: &Session, path: &Path) -> Result<()> {
    output::refuse_missing_folder(session, path)?;
    if session.files.exists(path) {
        return Err(Error::new(Reason::Exists, "the file exists already").at(path.display()));
    }
    Ok(())
}

fn sheet(desk: &DeskHome, pool: &Pool) -> Sheet {
    let mut order = pool.order.clone();
    if let Some(name) = desk.catalog().product(&order.product).and_then(|product| product.name.clone()) {
        order.product = name;
    }
    if let Some((_, recipient)) = &pool.parent {
        order.customer = Some(recipient.clone());
    }
    Sheet { vendor: desk.catalog().vendor.clone(), code: pool.code, order, next: next(desk, pool) }
}

/// The instructions on the sheet, which depend on the lock kinds of the product.
fn next(desk: &DeskHome, pool: &Pool) -> Vec<String> {
    let product = &pool.order.product;
    let kinds = desk.catalog().product(product).map(|product| product.lock.kinds.clone()).unwrap_or_default();
    let (mac, site) = (kinds.contains(&LockKind::Mac), kinds.contains(&LockKind::Site));
    if !kinds.is_empty() && kinds.iter().all(|kind| matches!(kind, LockKind::Mac | LockKind::Site)) {
        let named = match (mac, site) {
            (true, false) => "the MAC address of each device",
            (false, _) => "the serial of the site",
            (true, true) => "the MAC address of each device, or the serial of the site,",
        };
        return vec![
            format!("Give this code and {named} to the person who issues the licenses."),
            "Put each license you get back onto its device or site.".to_owned(),
        ];
    }
    vec![
        format!(
            "On the host, write a request: airlatch request --product {product} --code {} --out host.request",
            pool.code
        ),
        "Carry host.request to the desk; bring back host.license.".to_owned(),
        format!("On the host, once: airlatch trust add host.license{}", key_id(desk)),
        "On the host: airlatch install host.license".to_owned(),
    ]
}

/// The option that names the key of the desk, so that no other one is trusted by mistake.
fn key_id(desk: &DeskHome) -> String {
    desk.signer().map_or_else(|_| String::new(), |key| format!(" --key-id {}", key.key_id()))
}
