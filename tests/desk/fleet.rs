//! Fleet files: every device finds its licenses, reads little of the file, and detects a damaged file.

use std::collections::BTreeMap;

use airlatch_core::crypto::Sealed;
use airlatch_core::format::{find_in_fleet, is_fleet, limits};
use airlatch_core::model::{Kind, Mac, Reason, Result};
use airlatch_desk::lists::FleetText;
use proptest::prelude::*;

/// The text of these licenses, whatever order they come in.
fn write_fleet<B: AsRef<[u8]>>(rows: impl IntoIterator<Item = (Mac, B)>) -> String {
    let mut devices: BTreeMap<Mac, Vec<B>> = BTreeMap::new();
    rows.into_iter().for_each(|(mac, sealed)| devices.entry(mac).or_default().push(sealed));
    let mut text = FleetText::default();
    devices.into_iter().for_each(|(mac, licenses)| text.add(mac, licenses));
    text.text().to_owned()
}

fn mac(number: u64) -> Mac {
    let [_, _, bytes @ ..] = number.to_be_bytes();
    Mac(bytes)
}

/// The licenses found in the bytes of a file, and how many bytes were read.
fn look(file: &[u8], wanted: Mac) -> (Result<Vec<Sealed>>, usize) {
    let mut total = 0;
    let mut read = |offset: u64, length: usize| {
        total += length;
        Ok(file[offset as usize..offset as usize + length].to_vec())
    };
    let found = find_in_fleet(file.len() as u64, wanted, &mut read);
    (found, total)
}

fn found(file: &[u8], wanted: Mac) -> Vec<Vec<u8>> {
    let all = look(file, wanted).0.unwrap_or_else(|error| panic!("{error}"));
    assert!(all.iter().all(|sealed| sealed.kind() == Kind::License));
    all.iter().map(|sealed| sealed.bytes().to_vec()).collect()
}

/// Sealed bytes of this length after the first one.
fn bytes(first: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![first; 96 + length];
    bytes[0] = first;
    bytes
}

/// A file of four repeated lines, each for a different device; its bytes are generated when they are read.
struct Million;

impl Million {
    const LINES: u64 = 1_000_000;
    const BASE64: [usize; 4] = [480, 620, 560, 900];
    const HEAD: &'static [u8] = b"airlatch fleet v1\n";
    /// The last digit of each address is 4, so that there are addresses in between without a license.
    const FIRST: u64 = 0x0004_f100_0004;

    fn four() -> u64 {
        Self::BASE64.iter().map(|length| *length as u64 + 14).sum()
    }

    fn size() -> u64 {
        Self::HEAD.len() as u64 + Self::LINES / 4 * Self::four()
    }

    fn lines(four: u64) -> Vec<u8> {
        let line = |(at, length): (u64, &usize)| {
            let bare = mac(Self::FIRST + 16 * (4 * four + at)).bare();
            format!("{bare}\t{}\n", "A".repeat(*length))
        };
        (0..).zip(&Self::BASE64).map(line).collect::<String>().into_bytes()
    }

    fn read(offset: u64, length: usize) -> Vec<u8> {
        let head = Self::HEAD.len() as u64;
        let mut bytes: Vec<u8> = Self::HEAD.iter().skip(offset as usize).copied().collect();
        let from = offset.max(head) - head;
        let skipped = (from % Self::four()) as usize;
        let fours = (from / Self::four()..).map(Self::lines);
        bytes.extend(fours.take(length / Self::four() as usize + 2).flatten().skip(skipped));
        bytes.truncate(length);
        bytes
    }

    /// How many licenses are found for the device of a line, and how many bytes were read.
    fn look(wanted: Mac) -> (usize, usize) {
        let mut total = 0;
        let mut read = |offset, length| {
            total += length;
            Ok(Self::read(offset, length))
        };
        let found = find_in_fleet(Self::size(), wanted, &mut read).unwrap();
        (found.len(), total)
    }
}

#[test]
fn in_a_million_licenses_one_is_found_by_reading_few_bytes() {
    assert!(Million::size() > 500_000_000);
    let mut most = 0;
    let step = 49_999;
    let ends = [0, 1, 2, 3, Million::LINES / 2, Million::LINES - 2, Million::LINES - 1];
    for line in ends.into_iter().chain((0..Million::LINES).step_by(step)) {
        let own = Million::FIRST + 16 * line;
        for (number, count) in [(own, 1), (own + 1, 0), (own - 1, 0)] {
            let (found, read) = Million::look(mac(number));
            assert_eq!(found, count, "{}", mac(number));
            most = most.max(read);
        }
    }
    for nobody in [0, 1, u64::MAX >> 16] {
        let (found, read) = Million::look(mac(nobody));
        assert_eq!(found, 0);
        most = most.max(read);
    }
    assert!(most <= 64 * 1024, "{most} bytes were read");
    assert!(most > 10 * 1024, "{most} bytes are too few to be true");
}

#[test]
fn a_file_is_sorted_whatever_came_in_and_says_what_it_is() {
    let rows = [(3, 1), (1, 9), (3, 0), (2, 5), (3, 1)].map(|(device, first)| (mac(device), bytes(first, 0)));
    let text = write_fleet(rows);
    assert!(text.starts_with("airlatch fleet v1\n000000000001\tCQkJ"), "{text}");
    assert_eq!(text.lines().count(), 5);
    let mut lines: Vec<_> = text.lines().skip(1).collect();
    lines.sort_unstable();
    assert_eq!(lines, text.lines().skip(1).collect::<Vec<_>>());
    assert_eq!(found(text.as_bytes(), mac(3)), [bytes(0, 0), bytes(1, 0)]);
    for (beginning, is) in [
        (text.as_bytes(), true),
        (b"\xef\xbb\xbfairlatch fleet v1\r\n", true),
        (b"airlatch fleet v2\n", true),
        (b"airlatch fleet", false),
        (b"-----BEGIN AIRLATCH LICENSE-----\n", false),
        (b"", false),
    ] {
        assert_eq!(is_fleet(beginning), is);
    }
}

fn error(file: &[u8], wanted: Mac) -> (Reason, String) {
    let error = look(file, wanted).0.unwrap_err();
    (error.reason(), error.place().unwrap_or_default().to_owned())
}

#[test]
fn limits_hold() {
    let of =
        |count: u64| write_fleet((0..count).map(|at| (mac(5), [&at.to_be_bytes()[..], &[0; 96]].concat())));
    assert_eq!(found(of(limits::FLEET_LICENSES).as_bytes(), mac(5)).len() as u64, limits::FLEET_LICENSES);
    assert_eq!(error(of(limits::FLEET_LICENSES + 1).as_bytes(), mac(5)).0, Reason::TooLarge);

    let largest = limits::SEALED as usize - 96;
    let file = write_fleet([(mac(4), bytes(1, 9)), (mac(5), bytes(2, largest)), (mac(6), bytes(3, 9))]);
    let crlf = file.replace('\n', "\r\n");
    for device in 4..=7 {
        for file in [&file, &crlf] {
            assert_eq!(found(file.as_bytes(), mac(device)).len(), usize::from(device < 7));
        }
    }
    let longer = file.replacen("AgIC", "AgICAgIC", 1);
    assert_eq!(error(longer.as_bytes(), mac(5)), (Reason::TooLarge, format!("byte {}", 18 + 154)));
    let endless = format!("airlatch fleet v1\n{}", "x".repeat(2_000_000));
    assert_eq!(error(endless.as_bytes(), mac(5)).0, Reason::TooLarge);
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_no_answer() {
    let file = write_fleet((0..500).map(|at| (mac(at), bytes(1, 9))));
    let mut read = |offset: u64, length: usize| {
        let file = &file.as_bytes()[..9000];
        Ok(file.iter().skip(offset as usize).take(length).copied().collect())
    };
    let error = find_in_fleet(file.len() as u64, mac(250), &mut read).unwrap_err();
    assert_eq!(error.reason(), Reason::Truncated);
}

/// A file truncated inside a line is detected by a device whose line is missing.
#[test]
fn no_torn_file_says_that_there_is_no_license() {
    for (count, step) in [(8, 1), (120, 13)] {
        let file = write_fleet((0..count).map(|at| (mac(16 * at), bytes(1, at as usize * 3 % 70))));
        for length in (0..file.len()).step_by(step) {
            if length > 0 && file.as_bytes()[length - 1] == b'\n' {
                continue;
            }
            let last = look(&file.as_bytes()[..length], mac(16 * count - 16)).0;
            let reason = last.unwrap_err().reason();
            let wanted = if length < 16 { Reason::BadList } else { Reason::Truncated };
            assert_eq!(reason, wanted, "{length}");
        }
    }
}

/// Two halves of a file in the wrong order are unsorted only where they meet.
#[test]
fn halves_that_changed_places_are_noticed() {
    let file = write_fleet((0..300).map(|at| (mac(16 * at), bytes(1, at as usize * 3 % 70))));
    let lines: Vec<&str> = file.lines().skip(1).collect();
    let (mut refused, mut all) = (0, 0);
    for cut in (1..300).step_by(23) {
        let (early, late) = lines.split_at(cut);
        let file = format!("airlatch fleet v1\n{}\n{}\n", late.join("\n"), early.join("\n"));
        for device in (0..300).step_by(7) {
            all += 1;
            match look(file.as_bytes(), mac(16 * device)).0 {
                Ok(found) => assert_eq!(found.len(), 1, "{device} of {cut}"),
                Err(error) => {
                    assert_eq!(error.reason(), Reason::BadList);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(refused, all, "the first line is greater than the last one");
}

/// Lines from the end that were moved before the line of a device don't hide it.
#[test]
fn great_lines_in_front_of_a_line_do_not_hide_it() {
    let file = write_fleet((0..150).map(|at| (mac(16 * at), bytes(1, 0))));
    let lines: Vec<&str> = file.lines().skip(1).collect();
    for device in 0..140 {
        for count in [1, 2, 3, 4, 8] {
            let mut lines = lines.clone();
            lines[device..].rotate_right(count);
            let file = format!("airlatch fleet v1\n{}\n", lines.join("\n"));
            match look(file.as_bytes(), mac(16 * device as u64)).0 {
                Ok(found) => assert_eq!(found.len(), 1, "{device} behind {count}"),
                Err(error) => assert_eq!(error.reason(), Reason::BadList),
            }
        }
    }
}

/// If the line of a device is at a wrong place, either it is found, or the wrong order is detected.
#[test]
fn a_line_out_of_place_is_never_passed_over_in_silence() {
    for count in [6, 200] {
        let file = write_fleet((0..count).map(|at| (mac(16 * at), bytes(1, at as usize * 3 % 70))));
        let lines: Vec<&str> = file.lines().skip(1).collect();
        for from in 0..lines.len() {
            for to in (0..lines.len()).step_by(1 + lines.len() / 7).chain([from + 1, from.saturating_sub(1)])
            {
                if to == from || to >= lines.len() {
                    continue;
                }
                let mut lines = lines.clone();
                lines.swap(from, to);
                let file = format!("airlatch fleet v1\n{}\n", lines.join("\n"));
                match look(file.as_bytes(), mac(16 * from as u64)).0 {
                    Ok(found) => assert_eq!(found.len(), 1, "{from} at {to} of {count}"),
                    Err(error) => assert_eq!(error.reason(), Reason::BadList),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    /// As if the whole file had been read.
    #[test]
    fn every_device_finds_what_is_its_own(
        rows in prop::collection::vec((0u64..600, any::<u8>(), 0usize..900), 0..300),
        crlf in any::<bool>(),
        mark in any::<bool>(),
    ) {
        let mut wanted: BTreeMap<u64, Vec<(String, Vec<u8>)>> = BTreeMap::new();
        for (device, first, length) in &rows {
            let sealed = bytes(*first, *length);
            let line = write_fleet([(mac(*device), &sealed)]);
            let own = wanted.entry(*device).or_default();
            own.push((line, sealed));
            own.sort();
            own.dedup();
        }
        let text = write_fleet(rows.iter().map(|(device, first, length)| (mac(*device), bytes(*first, *length))));
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let text = if mark { format!("\u{feff}{text}") } else { text };
        for device in 0..600 {
            let own = wanted.get(&device).map(Vec::as_slice).unwrap_or_default();
            let own: Vec<_> = own.iter().map(|(_, sealed)| sealed.clone()).collect();
            prop_assert_eq!(found(text.as_bytes(), mac(device)), own);
        }
    }

    #[test]
    fn random_bytes_never_panic(noise in prop::collection::vec(any::<u8>(), 0..3000), at in 0usize..30_000, lines in 0u64..60) {
        let mut file = write_fleet((0..lines).map(|at| (mac(at), bytes(1, at as usize)))).into_bytes();
        let at = at.min(file.len());
        file.splice(at..at, noise);
        let _ = look(&file, mac(lines / 2));
    }
}
