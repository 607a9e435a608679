//! The program: makes the session and hands it to the command line.

fn main() {}
