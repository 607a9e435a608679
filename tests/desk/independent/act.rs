//! The acts of a history as plain data, printed in the words of the examples of airlatch-rules(7).

use std::collections::BTreeMap;
use std::fmt;

use super::calendar::{BEGIN, DAY, Length, date, stamp};

/// Quantities by article or feature.
pub type Amounts = BTreeMap<String, u64>;

/// When a term ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Permanent,
    /// The first second after it.
    Until(i64),
    For(Length),
}

/// The term of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub from: Option<i64>,
    pub end: End,
}

/// What is wanted for a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Features or articles; a switch has no number.
    These(Vec<(String, Option<u64>)>),
    All,
    /// One of everything, and as many of each count.
    Each(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub unit: u8,
    pub codes: Vec<u8>,
    pub want: Want,
    pub model: Option<String>,
    pub corrects: bool,
    pub overdraft: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Order {
        code: u8,
        product: String,
        lines: Amounts,
        term: Term,
        overdraft: u64,
    },
    Pass {
        from: u8,
        to: u8,
        lines: Amounts,
    },
    Renew {
        code: u8,
        term: Term,
    },
    Cancel {
        code: u8,
    },
    Issue(Issue),
    /// A list: the devices one after the other, all or none.
    List(Vec<Issue>),
    Trial {
        unit: u8,
        product: String,
        model: Option<String>,
    },
    Release {
        unit: u8,
        product: String,
    },
    /// A feature leaves the catalog.
    Without(String),
    /// A lower maximum.
    Lower(String, u64),
    /// The clock moves to this time, if that is later.
    On(i64),
}

/// The letter of a code.
pub fn letter(code: u8) -> String {
    let letter = char::from(b'A' + code % 26);
    if code < 26 { letter.to_string() } else { format!("{letter}{}", code / 26) }
}

fn letters(codes: &[u8]) -> String {
    codes.iter().map(|code| letter(*code)).collect::<Vec<_>>().join("+")
}

pub fn amounts(lines: &Amounts) -> String {
    lines.iter().map(|(article, many)| format!(" {article}={many}")).collect()
}

fn day(time: i64) -> String {
    if time % DAY == 0 || time % DAY == BEGIN % DAY { date(time) } else { stamp(time) }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            End::Permanent => {}
            End::Until(end) if end % DAY == 0 => write!(f, " until {}", date(end - DAY))?,
            End::Until(end) => write!(f, " until {}", stamp(end))?,
            End::For(length) => write!(f, " term {length}")?,
        }
        self.from.map_or(Ok(()), |from| write!(f, " from {}", day(from)))
    }
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str(" all"),
            Self::Each(many) => write!(f, " each={many}"),
            Self::These(these) => these.iter().try_for_each(|(name, many)| match many {
                Some(many) => write!(f, " {name}={many}"),
                None => write!(f, " {name}"),
            }),
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", letters(&self.codes), self.want)?;
        if self.unit != 1 {
            write!(f, " unit {}", self.unit)?;
        }
        if let Some(model) = &self.model {
            write!(f, " model {model}")?;
        }
        f.write_str(if self.corrects { " correct-model" } else { "" })?;
        f.write_str(if self.overdraft { " overdraft" } else { "" })
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order { code, lines, term, overdraft, product } => {
                write!(f, "order {}{}{term}", letter(*code), amounts(lines))?;
                if *overdraft > 0 {
                    write!(f, " overdraft {overdraft}")?;
                }
                if product == "pbx" { Ok(()) } else { write!(f, " product {product}") }
            }
            Self::Pass { from, to, lines } => {
                write!(f, "pass {}{} as {}", letter(*from), amounts(lines), letter(*to))
            }
            Self::Renew { code, term } if term.end == End::Permanent => {
                write!(f, "renew {}{term} permanent", letter(*code))
            }
            Self::Renew { code, term } => write!(f, "renew {}{term}", letter(*code)),
            Self::Cancel { code } => write!(f, "cancel {}", letter(*code)),
            Self::Issue(issue) => write!(f, "issue {issue}"),
            Self::List(lines) => {
                f.write_str("list")?;
                lines.iter().try_for_each(|line| write!(f, "\n    {line}"))
            }
            Self::Trial { unit, product, model } => {
                write!(f, "trial unit {unit}")?;
                model.as_ref().map_or(Ok(()), |model| write!(f, " model {model}"))?;
                if product == "pbx" { Ok(()) } else { write!(f, " product {product}") }
            }
            Self::Release { unit, product } if product == "pbx" => write!(f, "release unit {unit}"),
            Self::Release { unit, product } => write!(f, "release unit {unit} product {product}"),
            Self::Without(feature) => write!(f, "without {feature}"),
            Self::Lower(feature, maximum) => write!(f, "maximum {feature}={maximum}"),
            Self::On(time) => write!(f, "on {}", day(*time)),
        }
    }
}
