//! A trip with license files, and the output of the program there.

use airlatch_core::model::License;

use crate::common::licenses_room::text;
use crate::common::rules_room::key;
use crate::common::trip::{Ran, Trip};

pub use crate::common::licenses_room::has;

/// A trip with the vendor's key and these licenses as files.
pub fn trip(name: &str, files: &[(&str, &License)]) -> Trip {
    let trip = Trip::new(name);
    std::fs::write(trip.folder.join("acme.pub"), key(1).public().to_pem()).unwrap();
    for (name, license) in files {
        std::fs::write(trip.folder.join(name), text(license)).unwrap();
    }
    trip
}

/// Runs a command line.
pub fn ran(trip: &Trip, line: &str) -> Ran {
    trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new())
}

/// Runs a command line that must end with this exit code, and returns all its output.
#[track_caller]
pub fn says(trip: &Trip, line: &str, exit: u8) -> String {
    let ran = ran(trip, line);
    assert_eq!(ran.exit, exit, "airlatch {line}\n{}", ran.both);
    ran.both
}
