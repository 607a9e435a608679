//! The clock and what is counted by it: the table C1 to C13, and the threats of a clock that is turned and state that is
//! deleted.

mod table;
mod threats;
