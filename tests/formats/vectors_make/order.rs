//! Files with two faults: which of them is named.

use super::Vector;
use super::cast::{
    STRANGER, VENDOR, armor, changed, license_payload, license_sealed, license_vector, of_sealed, sealed,
};
use super::request::request_sealed;

pub(crate) fn vectors() -> Vec<Vector> {
    let whole = armor("LICENSE", &license_sealed());
    let damaged = format!("{}*{}", &whole[..100], &whole[101..]);
    let payload = license_payload();
    let vector = |condition: &str, expect, comment| {
        license_vector(&format!("two-faults-{condition}"), expect, comment)
    };
    let of = |condition, expect, comment, payload: &str, seed| {
        of_sealed(vector(condition, expect, comment), "LICENSE", &sealed("license", payload.as_bytes(), seed))
    };
    let without_end = |text: &str| text.replace("-----END AIRLATCH LICENSE-----\n", "");
    let mut flipped = request_sealed();
    flipped[9] ^= 1;
    let mut stranger = sealed("license", payload.as_bytes(), STRANGER);
    stranger[9] ^= 1;
    let commented = changed(&payload, "until = \"2027-11-21T00:00:00Z\"\n", "# no end\n");
    let fields = changed(&payload, "product = \"call-services\"\n", "")
        .replace("\"2027-11-21T00:00:00Z\"", "\"soon\"");
    let critical =
        changed(&payload, "product = \"call-services\"\n", "critical = [\"colour\"]\ncolour = 1\n");
    vec![
        vector("two-and-character", "two-documents", "Two licenses, the second one damaged")
            .body(format!("{whole}\n{damaged}")),
        vector("end-and-character", "truncated", "No END, and a * in the base64").body(without_end(&damaged)),
        of_sealed(
            vector("kind-and-signature", "wrong-kind", "A request, and its signature does not fit"),
            "REQUEST",
            &flipped,
        ),
        of_sealed(
            vector("signature-and-key", "bad-signature", "A stranger's license, and it was changed"),
            "LICENSE",
            &stranger,
        ),
        of(
            "key-and-payload",
            "untrusted-key",
            "A stranger's license, and its text is no payload",
            "# no license\n",
            STRANGER,
        ),
        of("payload-and-field", "bad-payload", "A comment, and no end", &commented, VENDOR),
        of("two-fields", "bad-field", "No product, and no time; a reader names one of them", &fields, VENDOR)
            .with("or", "bad-time"),
        of("critical-and-field", "bad-field", "An unknown critical field, and no product", &critical, VENDOR)
            .with("or", "unknown-critical"),
    ]
}
