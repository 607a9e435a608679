//! Measures `verify`: as a function compared with a signature check, and as a process compared with other processes.
//!
//! `cargo bench --bench verify -- library KEY LICENSE` or `-- processes ROUNDS NAME=COMMAND …`; `benches/verify.sh` calls
//! both. Rounds are interleaved, and each figure is the median of its rounds.

#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::model::HostFacts;
use airlatch_core::rules::Question;
use ed25519_dalek::{Signature, VerifyingKey};

type Failure = Box<dyn Error + Send + Sync>;

/// Runs of one process in a round, and calls of one function.
const RUNS: u32 = 50;
const CALLS: u32 = 500;
const LIBRARY_ROUNDS: usize = 15;

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    match (words.next().as_deref(), words.next(), words.next()) {
        (Some("library"), Some(key), Some(license)) => library(&key.into(), &license.into()),
        (Some("processes"), Some(rounds), Some(first)) => {
            processes(rounds.parse()?, &[vec![first], words.collect()].concat())
        }
        _ => {
            println!("verify: nothing named to measure; see benches/README.md");
            Ok(())
        }
    }
}

/// The check of a license from its file's bytes to the verdict, compared with the signature check alone.
fn library(key: &PathBuf, license: &PathBuf) -> Result<(), Failure> {
    let (pem, file) = (std::fs::read_to_string(key)?, std::fs::read(license)?);
    let key = PublicKey::from_pem(&pem)?;
    let (sealed, _) = airlatch_core::format::open_one(&file)?;
    let message = [b"airlatch license v1\n", sealed.unverified_payload()].concat();
    let signature = sealed.bytes().last_chunk().map(Signature::from_bytes).ok_or("no signature")?;
    let least = || {
        let key = VerifyingKey::from_bytes(black_box(key.as_bytes()));
        key.is_ok_and(|key| key.verify_strict(black_box(&message), &signature).is_ok())
    };
    let trusted = TrustedSet::new([key]);
    let facts = HostFacts::unknown();
    let now = "2026-12-24T18:00:00Z".parse()?;
    let question = Question { now, supposed: false, product: None, features: vec![] };
    let whole = || airlatch_core::host::verify(black_box(&file), &trusted, &facts, &question).is_ok();
    if !least() || !whole() {
        return Err("the license is not good under this key".into());
    }
    let (mut leasts, mut wholes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LIBRARY_ROUNDS {
        let (one, other) = (time(CALLS, &least), time(CALLS, &whole));
        leasts.push(one);
        wholes.push(other);
        ratios.push(other / one);
    }
    println!("{:<24} {:>9.1} us", "key and signature", median(leasts));
    println!("{:<24} {:>9.1} us {:>8.2}", "host::verify", median(wholes), median(ratios));
    Ok(())
}

/// Microseconds of one call.
fn time(calls: u32, call: &impl Fn() -> bool) -> f64 {
    let began = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

/// Each process from start to end; the ratio is to the first one, per round.
fn processes(rounds: usize, named: &[String]) -> Result<(), Failure> {
    let mut times = vec![Vec::new(); named.len()];
    for _ in 0..=rounds {
        for (times, named) in times.iter_mut().zip(named) {
            let (_, command) = named.split_once('=').ok_or("NAME=COMMAND is wanted")?;
            let mut words = command.split(' ');
            let mut command = Command::new(words.next().unwrap_or_default());
            command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let began = Instant::now();
            for _ in 0..RUNS {
                if !command.status()?.success() {
                    return Err(format!("{named}: the command says no").into());
                }
            }
            times.push(began.elapsed().as_secs_f64() * 1e6 / f64::from(RUNS));
        }
    }
    // The first round warms up.
    for times in &mut times {
        times.remove(0);
    }
    let first = times.first().cloned().unwrap_or_default();
    for (times, named) in times.into_iter().zip(named) {
        let ratio = median(times.iter().zip(&first).map(|(one, first)| one / first).collect());
        let name = named.split('=').next().unwrap_or_default();
        println!("{name:<24} {:>9.0} us {ratio:>8.2}", median(times));
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
