//! Documents with damage of transfers that a reader repairs.

use super::Vector;
use super::armor::padded;
use super::cast::{armor, license_vector, of_sealed};
use crate::common::damage::{ACCIDENTS, Accident};
use crate::common::further_damage::FURTHER;

/// Each accident once.
pub(crate) fn vectors() -> Vec<Vector> {
    // The length leaves one byte over, so the base64 ends in `==`, which can be lost.
    let sealed = padded(1);
    let file =
        format!("Product:   call-services\nCustomer:  Example Hospital\n\n{}", armor("LICENSE", &sealed));
    let vector = |&(name, damage, words): &Accident| {
        let condition = format!("repaired-{}", name.replace("^Z", "control-z").replace(' ', "-"));
        let mended =
            "Mended without loss; one of the words in `repairs`, if there is any, has to be reported";
        let vector = of_sealed(license_vector(&condition, "valid", mended), "LICENSE", &sealed);
        vector.with("repairs", words.join(" ")).body(damage(file.as_bytes()))
    };
    ACCIDENTS.iter().chain(FURTHER).map(vector).collect()
}
