//! The public keys this binary was built with, from `keys/trusted/`.

include!(concat!(env!("OUT_DIR"), "/trusted.rs"));
