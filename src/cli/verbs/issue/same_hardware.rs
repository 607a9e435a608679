//! The question before a host is charged as another unit although its hardware is licensed already.

use anyhow::Result;

use crate::cli::session::Session;
use crate::view::when;
use airlatch_core::model::{ComponentKind, Unit};
use airlatch_desk::desk::LicensedHardware;

use super::args::Issue;

/// Shows the unit that is licensed for this hardware, and asks whether this host is another one. A dry run only shows it.
pub(super) fn ask(old: &LicensedHardware, args: &Issue, session: &mut Session) -> Result<()> {
    let words = |kinds: &std::collections::BTreeSet<ComponentKind>| {
        kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")
    };
    let other = if old.other.is_empty() { String::new() } else { format!("; other: {}", words(&old.other)) };
    let mut lines = vec![
        format!("the same hardware is licensed already: {}", cause(old.unit)),
        format!("  unit       {}", old.unit),
        format!("  license    {}, issued {}", old.license, when::since(old.issued, session.now)),
        format!("  same       {}{other}", words(&old.same)),
        format!("  print it   airlatch ledger reprint {}", old.license),
    ];
    lines.extend(ways(old.unit).iter().map(|way| format!("  {way}")));
    lines.iter().for_each(|line| session.screen.talk(line));
    if args.dry_run {
        return Ok(());
    }
    session.confirm_by("--new-unit", "Charge this host as another unit?", args.booking.new_unit, UNISSUED)
}

const UNISSUED: &str = "nothing was issued";

fn cause(unit: Unit) -> &'static str {
    match unit {
        Unit::Host(_) => {
            "this is a copy of that machine, or that machine reinstalled without its old host.key"
        }
        _ => "by a typed id, so that it would have two licenses",
    }
}

/// How what that unit holds can be used here.
fn ways(unit: Unit) -> &'static [&'static str] {
    match unit {
        Unit::Host(_) => &[
            "           its license is valid here with its old host.key, put back from a backup",
            "free it    on the host, with that key: airlatch release; then: airlatch ledger return RECEIPT",
            "take over  what it holds comes to another unit with its receipt only",
        ],
        _ => &["           its license is valid here, and can't be released"],
    }
}
