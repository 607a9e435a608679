//! Vectors for grants, lists, fleet files and MAC rules.

use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Error, Features, Kind, Mac, Spelling, Time};
use airlatch_desk::catalog::{self, MacRule};
use airlatch_desk::charge;
use airlatch_desk::charge::Applicant;
use airlatch_desk::lists;

use crate::common::vector::{Vector, on_disk};
use crate::common::vector_run::{Keys, Reader, Said, one, run_all, same, words};

const READERS: &[Reader] = &[("grant", grant), ("list", list), ("fleet", fleet), ("mac", mac)];

#[test]
fn every_vector_of_the_desk_gets_its_answer() {
    let wrong = run_all(&on_disk(), READERS);
    assert!(wrong.is_empty(), "{} vectors fail\n{}", wrong.len(), wrong.join("\n"));
}

fn grant(vector: &mut Vector, _: &Keys) -> Result<Said, String> {
    let issued = vector.must("at")?.parse::<Time>().map_err(words)?;
    let (from, until) = (vector.take("from"), vector.take("until"));
    let request = vector.take("request").map(|base64| sealed_request(&base64)).transpose()?;
    let grant = match catalog::read_grant(&vector.body) {
        Err(error) => return Ok(Err(one(error))),
        Ok(grant) => grant,
    };
    match grant.term.starting(issued.start_of_day()) {
        Err(error) => return Ok(Err(one(error))),
        Ok(term) => {
            same("from", from, term.from.to_string())?;
            same("until", until, term.until.map_or("permanent".into(), |end| end.to_string()))?;
        }
    }
    let Some(sealed) = request else { return Ok(Ok(())) };
    let request = format::read_request(&sealed).map_err(words)?;
    let decision = charge::decide(&grant, Applicant::Request(&request), &Features::default(), None, issued);
    Ok(decision.map(|_| ()).map_err(one))
}

fn sealed_request(base64: &str) -> Result<Sealed, String> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).map_err(|e| e.to_string())?;
    Sealed::from_parts(Kind::Request, bytes).map_err(words)
}

fn list(vector: &mut Vector, _: &Keys) -> Result<Said, String> {
    let (rows, lines, rule) = (vector.take_all("row"), vector.take("lines"), rule(vector)?);
    match lists::read_list(&vector.body, &rule) {
        Ok(list) => {
            let seen: Vec<String> = list
                .rows
                .iter()
                .map(|row| {
                    let quantity = row.quantity.map(|quantity| format!(" {quantity}")).unwrap_or_default();
                    let model = row.model.as_ref().map(|model| format!(" model {model}")).unwrap_or_default();
                    format!("{} {} {}{quantity}{model}", row.line, row.number, row.mac.bare())
                })
                .collect();
            if seen == rows { Ok(Ok(())) } else { Err(format!("the rows should be {rows:?}, are {seen:?}")) }
        }
        Err(errors) => {
            let line = |error: &Error| {
                let place = error.place()?.strip_prefix("line ")?;
                Some(place.split(',').next().unwrap_or_default().to_owned())
            };
            let seen: Vec<String> = errors.iter().filter_map(line).collect();
            same("lines", lines, seen.join(" "))?;
            Ok(Err(errors))
        }
    }
}

fn fleet(vector: &mut Vector, _: &Keys) -> Result<Said, String> {
    let (mac, ids) = (vector.must("mac")?.parse::<Mac>().map_err(words)?, vector.take_all("id"));
    let file = vector.body.clone();
    let mut read = |offset: u64, length: usize| Ok(file[offset as usize..offset as usize + length].to_vec());
    match format::find_in_fleet(file.len() as u64, mac, &mut read) {
        Ok(found) => {
            let seen: Vec<String> = found.iter().map(|sealed| sealed.document_id().to_string()).collect();
            if seen == ids { Ok(Ok(())) } else { Err(format!("the ids should be {ids:?}, are {seen:?}")) }
        }
        Err(error) => Ok(Err(one(error))),
    }
}

fn mac(vector: &mut Vector, _: &Keys) -> Result<Said, String> {
    let (bare, rule) = (vector.take("mac"), rule(vector)?);
    match rule.read(&vector.line()?) {
        Err(error) => Ok(Err(one(error))),
        Ok(mac) => same("mac", bare, mac.bare()).map(Ok),
    }
}

fn rule(vector: &mut Vector) -> Result<MacRule, String> {
    let spelling = vector.take("spelling");
    let known =
        |word: String| Spelling::ALL.into_iter().find(|s| s.word() == word).ok_or(format!("no `{word}`"));
    Ok(MacRule {
        prefixes: vector.take_all("prefix"),
        spelling: spelling.map(known).transpose()?,
        allow_local: vector.take("allow-local").is_some_and(|word| word == "true"),
    })
}
