//! The reference for `batch`: the work that each license needs anyway, on two threads and without a ledger.
//!
//! `cargo bench --bench batch -- COUNT DIR` formats, signs and writes COUNT licenses into DIR, a file each, and prints the
//! seconds; with a third argument `one`, all go into one file. It formats payload and armor itself, in the shortest way, with the
//! same bytes as `airlatch batch` for `benches/catalog.toml`.

#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let (Some(count), Some(folder)) = (words.next(), words.next().map(PathBuf::from)) else {
        println!("batch: no count and folder named; see benches/README.md");
        return Ok(());
    };
    let (count, one) = (count.parse::<u64>()?, words.next().as_deref() == Some("one"));
    let key = SigningKey::from_bytes(&[7; 32]);
    let began = Instant::now();
    let half = count / 2;
    std::thread::scope(|scope| -> Result<(), Failure> {
        let other = scope.spawn(|| licenses(0..half, &folder, one, &key));
        licenses(half..count, &folder, one, &key)?;
        other.join().map_err(|_| "a thread ended early")?
    })?;
    println!("{:.3}", began.elapsed().as_secs_f64());
    Ok(())
}

fn licenses(
    numbers: std::ops::Range<u64>,
    folder: &Path,
    one: bool,
    key: &SigningKey,
) -> Result<(), Failure> {
    let mut all = BufWriter::new(File::create(folder.join(format!("all-{}", numbers.start)))?);
    for number in numbers {
        let [_, _, _, _, _, a, b, c] = number.to_be_bytes();
        let text = license(&[0x00, 0x04, 0xf2, a, b, c], number, key);
        if one {
            all.write_all(text.as_bytes())?;
        } else {
            fs::write(folder.join(format!("0004f2{a:02x}{b:02x}{c:02x}-license.cfg")), text)?;
        }
    }
    Ok(all.flush()?)
}

fn license(mac: &[u8; 6], number: u64, key: &SigningKey) -> String {
    let mac = mac.map(|byte| format!("{byte:02x}")).join(":");
    let payload = format!(
        "issued = \"2026-11-21T00:00:00Z\"\nproduct = \"phone\"\nnumber = \"N{number}\"\ncustomer = \"ACME\"\n\
        order = \"B-0\"\n\n[term]\nfrom = \"2026-11-21T00:00:00Z\"\n\n[features]\nlines = 1\nvideo = true\n\n[ledger]\n\
        id = \"00112233445566778899aabbccddeeff\"\nnumber = {number}\nhash = \"{:064x}\"\n\n[lock]\nmac = \"{mac}\"\n",
        number
    );
    let mut message = b"airlatch license v1\n".to_vec();
    message.extend(payload.as_bytes());
    let mut sealed = payload.into_bytes();
    sealed.extend(key.verifying_key().as_bytes());
    sealed.extend(key.sign(&message).to_bytes());
    let base64 = STANDARD.encode(&sealed);
    let mut text = format!(
        "airlatch license. These lines are for people; only the block below counts.\n\nProduct:   phone\n\
        For:       {mac}\nNumber:    N{number}\nCustomer:  ACME\nOrder:     B-0\nFeatures:  lines 1, video\n\
        Begins:    2026-11-21T00:00:00Z\nEnds:      never\n\n-----BEGIN AIRLATCH LICENSE-----\n"
    );
    for line in base64.as_bytes().chunks(64) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str("-----END AIRLATCH LICENSE-----\n");
    text
}
