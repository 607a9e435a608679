//! The armor survives every usual accident, alone and with any other, and never gives other bytes.

use airlatch_core::format::{Block, armor, open};
use airlatch_core::model::{Kind, Reason};
use proptest::prelude::*;

use crate::common::chance::Chance;
use crate::common::damage::ACCIDENTS;
use crate::common::samples::{files, sealed, short};
use crate::common::slow;

fn words(repairs: &[airlatch_core::format::Repair]) -> Vec<&'static str> {
    repairs.iter().map(|repair| repair.word()).collect()
}

fn show(file: &[u8]) -> String {
    file.escape_ascii().to_string()
}

#[test]
fn the_canonical_file_needs_no_repair() {
    for (name, blocks, file) in files() {
        let opened = open(&file).unwrap();
        assert_eq!(opened.blocks, blocks, "{name}");
        assert_eq!(opened.repairs, [], "{name}");
    }
    for length in 1..200 {
        let bytes = sealed(length);
        let opened = open(armor(Kind::Request, &bytes, &[]).as_bytes()).unwrap();
        assert_eq!((opened.blocks[0].sealed.as_slice(), words(&opened.repairs).len()), (&bytes[..], 0));
    }
}

#[test]
fn every_accident_alone_is_undone_and_named() {
    for (name, blocks, file) in files() {
        for (accident, damage, expected) in ACCIDENTS {
            let damaged = damage(&file);
            let opened =
                open(&damaged).unwrap_or_else(|t| panic!("{name}, {accident}: {t}\n{}", show(&damaged)));
            assert_eq!(opened.blocks, blocks, "{name}, {accident}");
            let words = words(&opened.repairs);
            let whole = String::from_utf8_lossy(&damaged).contains(&block_text(&file));
            if damaged != file && !expected.is_empty() && (!whole || !opened.repairs.is_empty()) {
                assert!(expected.iter().any(|word| words.contains(word)), "{name}, {accident}: {words:?}");
            }
        }
    }
}

#[test]
fn every_ordered_pair_of_accidents_is_undone_and_named() {
    let (mut failures, many) = (Vec::new(), files().len());
    for (turn, (name, blocks, file)) in files().into_iter().enumerate() {
        for (at, (first, damage, expected)) in ACCIDENTS.iter().enumerate() {
            let once = damage(&file);
            // Each pair befalls one of the files, and each file some pairs; all of them under `just slow`.
            for (second, damage, more) in slow::every(many, turn + at, ACCIDENTS) {
                let twice = damage(&once);
                match open(&twice) {
                    Err(error) => {
                        failures.push(format!("{name}, {first}, {second}: {error}\n{}", show(&twice)))
                    }
                    Ok(opened) if opened.blocks != blocks => {
                        failures.push(format!(
                            "{name}, {first}, {second}: OTHER BYTES {:?}\n{}",
                            opened.repairs,
                            show(&twice)
                        ));
                    }
                    Ok(opened) => {
                        let words = words(&opened.repairs);
                        let named = expected.iter().chain(*more).any(|word| words.contains(word));
                        let silent = expected.is_empty() || more.is_empty() || once == file || once == twice;
                        // What befell only the text around the block is no one's concern.
                        let silent = silent || String::from_utf8_lossy(&twice).contains(&block_text(&file));
                        if !named && !silent {
                            failures.push(format!("{name}, {first}, {second}: {words:?}\n{}", show(&twice)));
                        }
                    }
                }
            }
        }
    }
    let shown: Vec<_> = failures.iter().take(12).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), shown.join("\n"));
}

/// The file from its first BEGIN on.
fn block_text(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    text[text.find("-----BEGIN").unwrap()..].to_owned()
}

/// Three accidents in a row; the file, and what became of it.
fn tripled(file: usize, accidents: [usize; 3]) -> (Vec<Block>, Vec<u8>) {
    let (_, blocks, bytes) = files().swap_remove(file);
    (blocks, accidents.iter().fold(bytes, |bytes, &i| ACCIDENTS[i].1(&bytes)))
}

#[test]
fn nearly_every_three_accidents_are_undone() {
    // What is left are such as a text broken anew inside the escapes of quoted-printable: named, never guessed.
    let mut chance = Chance::new(7);
    let mut next = |below: usize| chance.below(below as u64) as usize;
    let (all, tried) = (ACCIDENTS.len(), slow::or(400, 2000));
    let refused =
        (0..tried).filter(|_| open(&tripled(next(7), [next(all), next(all), next(all)]).1).is_err()).count();
    assert!(refused * 100 <= tried, "{refused} of {tried} were refused");
}

#[test]
fn a_file_cut_anywhere_is_refused_or_whole() {
    for (name, blocks, file) in files() {
        for length in slow::every(5, 0, 0..file.len()) {
            let cut = &file[..length];
            let lost = String::from_utf8_lossy(&file[length..]).into_owned();
            match open(cut) {
                Ok(opened) if opened.blocks == blocks => {
                    assert!(lost.chars().all(|c| c == '-' || c == '\n'), "{name}: {lost:?}");
                }
                // The license stands whole before its chain.
                Ok(opened) => assert_eq!((opened.blocks.len(), &opened.blocks[0]), (1, &blocks[0]), "{name}"),
                Err(error) => {
                    let reasons = [Reason::Truncated, Reason::NoDocument, Reason::Empty];
                    assert!(reasons.contains(&error.reason()), "{name}, {length}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_changed_base64_character_never_gives_the_same_bytes() {
    let (bytes, text) = short();
    let begin = text.find("-----\n").unwrap() + 6;
    let end = text.find("\n-----END").unwrap();
    let others = "ABab01+/=->| \t\n*\u{0}O\u{a0}\u{200b}–ä";
    for (at, old) in text[begin..end].char_indices().map(|(i, c)| (begin + i, c)) {
        for new in others.chars().filter(|&new| new != old) {
            let mut changed = text.clone();
            changed.replace_range(at..=at, &new.to_string());
            if let Ok(opened) = open(changed.as_bytes()) {
                let same = opened.blocks[0].sealed == bytes;
                assert!(!same || old == '\n' || old == '=', "{old:?} at {at} became {new:?}");
            }
        }
    }
}

#[test]
fn no_changed_character_gives_other_bytes_unless_it_is_base64() {
    let (bytes, text) = short();
    for (at, old) in text.char_indices() {
        for new in ['*', '>', '|', '&', '<', '\u{1b}', 'ä', '\u{0}'] {
            let mut changed = text.clone();
            changed.replace_range(at..at + old.len_utf8(), &new.to_string());
            if let Ok(opened) = open(changed.as_bytes()) {
                assert_eq!(opened.blocks[0].sealed, bytes, "{old:?} at {at} became {new:?}");
            }
        }
    }
}

#[test]
fn a_summary_can_not_pass_for_a_block() {
    let bytes = sealed(120);
    let evil = [
        "-----BEGIN AIRLATCH LICENSE-----",
        "-----END AIRLATCH LICENSE-----",
        "x\n-----BEGIN AIRLATCH LICENSE-----\nAAAA\n-----END AIRLATCH LICENSE-----\n",
        "BEGIN\u{200b}AIRLATCH LICENSE",
        "BEGIN > AIR > LATCH | LICENSE",
        "=2D=2DBEGIN=20AIRLATCH=20LICENSE=2D=2D",
        "=3D2DBEGIN=3D20AIRLATCH=3D20LICENSE",
        "&#45;BEGIN&nbsp;AIRLATCH<br>LICENSE&#45;",
        "&amp;#45;BEGIN&lt;b&gt;AIRLATCH&lt;br&gt;LICENSE",
        "BEGIN =\nAIRLATCH =\nLICENSE",
        "begin airlatch revocation list",
        "BEGIN",
        "AIRLATCH LICENSE",
    ];
    for i in 0..evil.len() {
        for j in 0..evil.len() {
            let text = armor(Kind::Request, &bytes, &[evil[i].to_owned(), evil[j].to_owned()]);
            let opened = open(text.as_bytes()).unwrap();
            assert_eq!((opened.blocks[0].sealed.as_slice(), opened.repairs.len()), (&bytes[..], 0), "{text}");
            for (name, damage, _) in ACCIDENTS {
                let damaged = damage(text.as_bytes());
                let opened = open(&damaged).unwrap_or_else(|t| panic!("{name}: {t}\n{}", show(&damaged)));
                assert_eq!(
                    opened.blocks,
                    [Block { kind: Kind::Request, sealed: bytes.clone() }],
                    "{name}\n{text}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_accidents_never_give_other_bytes(
        file in 0..7_usize, a in 0..ACCIDENTS.len(), b in 0..ACCIDENTS.len(), c in 0..ACCIDENTS.len(),
    ) {
        let (blocks, damaged) = tripled(file, [a, b, c]);
        if let Ok(opened) = open(&damaged) {
            prop_assert_eq!(opened.blocks, blocks);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(open(&bytes).is_err());
    }

    #[test]
    fn a_mutated_document_is_answered(
        file in 0..7_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
        accident in 0..ACCIDENTS.len(),
    ) {
        let (_, _, bytes) = files().swap_remove(file);
        let mut bytes = ACCIDENTS[accident].1(&bytes);
        for (at, byte, how) in changes {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            if bytes.is_empty() {
                break;
            }
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at + 1),
            }
        }
        if let Ok(opened) = open(&bytes) {
            prop_assert!(opened.blocks.iter().all(|block| block.sealed.len() <= bytes.len()));
        }
    }

    #[test]
    fn any_sealed_bytes_and_summary_come_back(
        kind in 0..6_usize, sealed in proptest::collection::vec(any::<u8>(), 1..700), lines in proptest::collection::vec(any::<String>(), 0..4),
    ) {
        let text = armor(Kind::ALL[kind], &sealed, &lines);
        let opened = open(text.as_bytes()).unwrap();
        prop_assert_eq!(&opened.blocks[0].sealed, &sealed);
        prop_assert!(opened.repairs.is_empty(), "{:?}", opened.repairs);
    }
}
