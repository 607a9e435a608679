//! What can happen to a desk home behind the program's back: each is refused in its own words, and nothing is charged.

mod copies;
mod files;
mod place;
