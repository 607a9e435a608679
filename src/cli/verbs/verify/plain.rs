//! The plain words of a `verify`, read without the definition of the command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::cli::{args::Cli, args::RootArgs, args::Verb, args::feature};
use airlatch_core::model::Mac;

use super::Verify;

/// The command line, if it is a `verify` in plain words: each option with its value behind it, as the manual shows them.
///
/// To build the definition of the whole command line takes longer than to check a license, and programs call `verify` all
/// day. None leaves it to the definition, which alone knows help, other spellings and what to say of a mistake; where there
/// is an answer, the definition gives the same.
pub(in crate::cli) fn read(args: &[OsString]) -> Option<Cli> {
    let mut words = args.get(1..)?.iter().map(OsString::as_os_str);
    words.next().filter(|verb| *verb == "verify")?;
    let (mut json, mut home) = (false, None);
    let mut verify = Verify {
        files: Vec::new(),
        trust: Vec::new(),
        feature: Vec::new(),
        product: None,
        at: None,
        reason: false,
        mac: None,
        root: RootArgs { root: None },
    };
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--json") => once(!json, &mut json, true)?,
            Some("--reason") => once(!verify.reason, &mut verify.reason, true)?,
            Some("--home") => once(home.is_none(), &mut home, Some(path(words.next())?))?,
            Some("--root") => {
                once(verify.root.root.is_none(), &mut verify.root.root, Some(path(words.next())?))?;
            }
            Some("--trust") => verify.trust.push(path(words.next())?),
            Some("--feature") => verify.feature.push(feature(text(words.next())?).ok()?),
            Some("--product") => {
                once(verify.product.is_none(), &mut verify.product, Some(text(words.next())?.to_owned()))?;
            }
            Some("--at") => once(verify.at.is_none(), &mut verify.at, Some(text(words.next())?.to_owned()))?,
            Some("--mac") => {
                let mac = Mac::with_check(text(words.next())?).ok()?;
                once(verify.mac.is_none(), &mut verify.mac, Some(mac))?;
            }
            _ => verify.files.push(path(Some(word))?),
        }
    }
    let contradicts = (verify.reason && json) || (verify.mac.is_some() && verify.root.root.is_some());
    (!contradicts).then_some(Cli { json, home, verb: Verb::Verify(verify) })
}

/// Sets what may be said once only.
fn once<T>(first: bool, place: &mut T, value: T) -> Option<()> {
    first.then(|| *place = value)
}

/// A word that is certainly a value: it is there, and no option.
fn value(word: Option<&OsStr>) -> Option<&OsStr> {
    word.filter(|word| !word.is_empty() && word.as_encoded_bytes()[0] != b'-')
}

fn path(word: Option<&OsStr>) -> Option<PathBuf> {
    value(word).map(PathBuf::from)
}

fn text(word: Option<&OsStr>) -> Option<&str> {
    value(word)?.to_str()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use proptest::prelude::*;

    use super::*;

    const WORDS: [&str; 34] = [
        "--json",
        "--reason",
        "--home",
        "--root",
        "--trust",
        "--feature",
        "--product",
        "--at",
        "--mac",
        "h.license",
        "dir/key.pub",
        "sessions=100",
        "voicemail",
        "sessions=x",
        "=1",
        "00:04:f2:00:00:01",
        "00-04-F2-00-00-01",
        "00:04:f2",
        "2027-01-01",
        "verify",
        "help",
        "--help",
        "-h",
        "-",
        "--",
        "",
        "-V",
        "--trust=k",
        "--at=",
        "--jso",
        "-j",
        "--no",
        "é",
        "--version",
    ];

    fn line(words: &[&str]) -> Vec<OsString> {
        ["airlatch", "verify"].iter().chain(words).map(OsString::from).collect()
    }

    /// Where this gives an answer, the definition gives the same; says whether it does.
    #[track_caller]
    fn agrees(words: &[&str]) -> bool {
        let line = line(words);
        let Some(plain) = read(&line) else { return false };
        let whole = Cli::try_parse_from(&line).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        let of = |cli: Cli| match cli.verb {
            Verb::Verify(verify) => (cli.json, cli.home, verify),
            _ => panic!("{words:?} is another verb"),
        };
        assert_eq!(of(plain), of(whole), "{words:?}");
        true
    }

    #[test]
    fn what_scripts_write_is_plain_and_read_as_the_definition_reads_it() {
        for words in [
            &[][..],
            &["--feature", "sessions=100", "--product", "call-services"],
            &["stick/host.license", "--trust", "keys/acme.pub"],
            &["a", "b", "--trust", "k", "--trust", "l", "--home", "h", "--json"],
            &["--at", "2027-12-31T00:00:00Z", "--reason"],
            &["--mac", "00:04:f2:00:00:01", "d.license"],
            &["--root", "captured", "--feature", "voicemail", "--feature", "sessions"],
        ] {
            assert!(agrees(words), "{words:?}");
        }
    }

    #[test]
    fn one_or_two_words_are_never_read_otherwise_than_by_the_definition() {
        let pairs = WORDS.iter().flat_map(|one| WORDS.iter().map(move |other| [*one, *other]));
        let plain = pairs.filter(|pair| agrees(pair)).count();
        assert!((100..600).contains(&plain), "{plain}");
    }

    proptest! {
        #[test]
        fn nor_are_more(words in prop::collection::vec(prop::sample::select(&WORDS[..22]), 3..8)) {
            agrees(&words);
        }
    }

    #[test]
    fn other_verbs_and_an_empty_line_are_left_to_the_definition() {
        let read = |words: &[&str]| read(&words.iter().map(OsString::from).collect::<Vec<_>>()).is_none();
        assert!(read(&[]) && read(&["airlatch"]) && read(&["airlatch", "status"]));
        assert!(read(&["airlatch", "--json", "verify"]));
    }
}
