//! The order sheet that goes to whoever activates: as text, and as a page with a code that scanners read.

use std::path::Path;

use crate::format::{self, Sheet};
use crate::model::{Pool, Result};

use super::desk_home::DeskHome;
use super::output;
use super::session::Session;

/// The sheet as plain text.
pub(super) fn text(desk: &DeskHome, pool: &Pool) -> String {
    format::sheet_text(&sheet(desk, pool))
}

/// The sheet as a page that stands alone.
pub(super) fn page(desk: &DeskHome, pool: &Pool) -> Result<String> {
    let code = format::code_svg(&pool.code.to_string())?;
    Ok(format::sheet_page(&sheet(desk, pool), &code))
}

/// Writes the page; what stands there stays, unless it is to be replaced.
pub(super) fn write(session: &Session, desk: &DeskHome, pool: &Pool, path: &Path, force: bool) -> Result<()> {
    output::file(session, path, &page(desk, pool)?, force)
}

fn sheet(desk: &DeskHome, pool: &Pool) -> Sheet {
    let mut order = pool.order.clone();
    if let Some(name) = desk.catalog().product(&order.product).and_then(|product| product.name.clone()) {
        order.product = name;
    }
    if let Some((_, recipient)) = &pool.parent {
        order.customer = Some(recipient.clone());
    }
    let request = format!(
        "On the host, make a request: airlatch request --product {} --code {} --out host.request",
        pool.order.product, pool.code
    );
    let next = vec![
        request,
        "Carry host.request to where licenses are issued, and the license back.".to_owned(),
        "On the host: airlatch install host.license".to_owned(),
    ];
    Sheet { vendor: desk.catalog().vendor.clone(), code: pool.code, order, next }
}
