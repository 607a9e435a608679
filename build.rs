//! Turns the public keys in `keys/trusted/` into the set a binary built with them trusts.

fn main() {}
