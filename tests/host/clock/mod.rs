//! The clock and what is counted by it: a table of clock faults, and the threats of a clock that is turned and state that is
//! deleted.

mod table;
mod threats;
