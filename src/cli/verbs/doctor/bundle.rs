//! The support bundle: all that was found as a text that a person can read before sending it, without secrets.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, describe, input, output};
use airlatch_core::format;
use airlatch_core::model::{ComponentKind, Components, License, Lock, Reason, Trouble};
use airlatch_machine::here::Home;
use airlatch_machine::here::{doctor::Examined, doctor::Finding};
use airlatch_machine::platform::Homes;

use super::names::Names;
use super::veil::Veil;
use super::{Doctor, File, all, names, step};

/// What the reader has to know first.
const HEAD: &str = "\
Read this before you send it: it is plain text, and what you do not want to send can be cut out.

In it:      every check and what to do about it; the particulars of the installed licenses as the vendor wrote
            them, customer and order included; ids of keys, installation, hardware and documents; the last lines
            of the host's log; the program, its hash, the operating system and the number of the user.
Not in it:  private keys, passphrases, authorization codes; serial numbers, addresses of network cards and machine
            ids, of which a short hash stands in brackets where one would have been.";

/// Writes the bundle.
pub(super) fn run(
    args: &Doctor,
    out: &Path,
    host: &Examined,
    files: &[File],
    session: &mut Session,
) -> Result<Outcome> {
    for file in args.files.iter().filter(|file| !input::is_stream(file) && !input::is_stream(out)) {
        if session.files.same_file(file, out) {
            let trouble = Trouble::new(Reason::SameFile, "the bundle would take the place of a file named");
            return Err(trouble.at(out.display()).into());
        }
    }
    let text = text(args.with_names, host, files, session);
    if input::is_stream(out) {
        output::document(session, "doctor", &text, json!({}))?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, args.force)?;
    session.screen.line(&format!("bundle written to {}; read it before you send it", input::name(out)));
    session.screen.json("doctor", json!({ "file": input::name(out) }));
    Ok(Outcome::Done)
}

fn text(with_names: bool, host: &Examined, files: &[File], session: &Session) -> String {
    let known = names::of(session);
    let licenses = licenses(session, host);
    let nothing = Names::default();
    let veil = Veil::new(
        &values(host, &licenses),
        if with_names { &nothing } else { &known },
        digests(host, &licenses),
    );
    let mut lines = vec![format!(
        "airlatch support bundle, made {} by airlatch {}",
        session.now,
        env!("CARGO_PKG_VERSION")
    )];
    lines.push(String::new());
    lines.extend(HEAD.lines().map(str::to_owned));
    lines.push(if with_names {
        "            Host name and user name were asked to be left in.".into()
    } else {
        "            Nor are host name and user name.".into()
    });
    let mut section = |title: &str, content: Vec<String>| {
        lines.extend([String::new(), format!("== {title} ==")]);
        lines.extend(if content.is_empty() { vec!["none".into()] } else { content });
    };
    let findings = all(host, files);
    if with_names {
        let one = |label: &str, names: &[String]| format!("{label:<10} {}", names.join(", "));
        section("names", vec![one("host", &known.hosts), one("user", &known.users)]);
    }
    section("checks", findings.iter().flat_map(check).collect());
    section("what to do", crate::view::Step::lines(&step::steps(&findings)));
    section("licenses", licenses.iter().flat_map(|license| particulars(license, session)).collect());
    section("log", host.log.clone());
    lines.push("== end ==".into());
    lines.iter().map(|line| veil.over(line) + "\n").collect()
}

/// One check with all its details.
fn check(finding: &Finding) -> Vec<String> {
    let line = format!("{:<5} {:<9} {}", finding.state.word(), finding.check.word(), finding.what);
    let details = finding.details.iter().map(|detail| format!("{:<15} {detail}", ""));
    std::iter::once(line).chain(details).collect()
}

/// An installed license, as far as it can be read.
struct Shown {
    name: String,
    verified: bool,
    license: License,
}

fn licenses(session: &Session, host: &Examined) -> Vec<Shown> {
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let home = homes.host().and_then(|path| Home::new(&path, &session.files));
    let files = home.and_then(|home| home.licenses()).unwrap_or_default();
    let read = |(path, bytes): airlatch_machine::here::Bytes| {
        let (sealed, _) = format::open_one(&bytes.ok()?).ok()?;
        let license = format::read_unverified_license(&sealed).ok()?;
        let verified = format::read_license(&sealed, &host.trusted).is_ok();
        Some(Shown { name: path.file_name()?.to_string_lossy().into_owned(), verified, license })
    };
    files.into_iter().filter_map(read).collect()
}

fn particulars(shown: &Shown, session: &Session) -> Vec<String> {
    let (mark, word) =
        if shown.verified { ("", "") } else { ("?", ", NOT VERIFIED: nobody here vouches for it") };
    let lines = describe::license(&shown.license, session.now).into_iter();
    std::iter::once(format!("{}{word}", shown.name))
        .chain(lines.map(|line| format!("{mark}{line}")))
        .collect()
}

/// The raw values of this host and of the devices that licenses are for.
fn values(host: &Examined, licenses: &[Shown]) -> Components {
    let mut values = host.facts.components.clone();
    for shown in licenses {
        if let Lock::Mac(mac) = shown.license.lock {
            values.add(ComponentKind::Nic, mac.bare());
        }
    }
    values
}

/// Digests that say nothing about the host: the program's own, and the names of ledgers.
fn digests(host: &Examined, licenses: &[Shown]) -> Vec<String> {
    let own = host.findings.iter().flat_map(|finding| &finding.details);
    let own = own.filter_map(|line| line.strip_prefix("SHA-256    ").map(str::to_owned));
    let hex = |bytes: [u8; 16]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ledgers = licenses.iter().filter_map(|shown| shown.license.ledger.map(|mark| hex(mark.ledger)));
    own.chain(ledgers).collect()
}
