//! What somebody tries at the desk who wants a seat for nothing, and what an honest clerk must not lose one by.

mod again;
mod forgery;
mod hardware;
mod orders;
mod trials;
mod versions;
