//! Gives each vector to its reader, and compares the answer with the head.

use std::collections::BTreeMap;

use airlatch_core::model::{Error, Reason};

use super::vector::{Vector, expected, keys};

/// What a reader said: nothing for valid, else its reasons; and what the head can say about something valid.
pub(crate) type Said = Result<(), Vec<Error>>;

/// Public keys by the name that a head gives them.
pub(crate) type Keys = BTreeMap<String, String>;

/// A folder of vectors, and who reads what lies in it.
pub(crate) type Reader = (&'static str, fn(&mut Vector, &Keys) -> Result<Said, String>);

/// Runs all vectors of these readers; gives what is wrong with each that fails.
pub(crate) fn run_all(files: &BTreeMap<String, Vec<u8>>, readers: &[Reader]) -> Vec<String> {
    let keys = keys(files);
    let ours = |path: &str| readers.iter().any(|(folder, _)| path.starts_with(&format!("{folder}/")));
    let cases = files.iter().filter(|(path, _)| ours(path));
    let wrong = |(path, bytes): (&String, &Vec<u8>)| {
        run(path, bytes, &keys, readers).err().map(|what| format!("{path}: {what}"))
    };
    cases.filter_map(wrong).collect()
}

/// Runs one vector; gives the reasons that were expected and came, or what is wrong.
pub(crate) fn run(path: &str, bytes: &[u8], keys: &Keys, readers: &[Reader]) -> Result<Vec<Reason>, String> {
    let mut vector = Vector::parse(bytes)?;
    let expect = expected(&vector.must("expect")?)?;
    if vector.must("comment")?.is_empty() {
        return Err("the comment is empty".into());
    }
    // Answers that other readers may give as well; this one gives the expected one.
    vector.take_all("or").iter().try_for_each(|words| expected(words).map(drop))?;
    let folder = path.split('/').next().unwrap_or_default();
    let (_, read) =
        readers.iter().find(|it| it.0 == folder).ok_or(format!("there is no reader `{folder}`"))?;
    let said = read(&mut vector, keys)?;
    vector.finish()?;
    let errors = said.err().unwrap_or_default();
    let reasons: Vec<Reason> = errors.iter().map(Error::reason).collect();
    if reasons == expect {
        return Ok(reasons);
    }
    let words = |reasons: &[Reason]| match reasons {
        [] => "valid".to_owned(),
        _ => reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>().join(" "),
    };
    let why: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Err(format!("{} was expected, {} came: {}", words(&expect), words(&reasons), why.join("; ")))
}

pub(crate) fn same(name: &str, told: Option<String>, seen: impl ToString) -> Result<(), String> {
    let seen = seen.to_string();
    match told {
        Some(told) if told != seen => Err(format!("{name} should be {told}, is {seen}")),
        _ => Ok(()),
    }
}

pub(crate) fn words(error: Error) -> String {
    error.to_string()
}

pub(crate) fn one(error: Error) -> Vec<Error> {
    vec![error]
}
