//! What an entry of the ledger is about, in a line.

use airlatch_desk::catalog::GrantTerm;
use airlatch_desk::ledger::{Act, Activation, Entry, Reversal, Reversed, UnitNote};

/// The subject of an act: the first of these that it has.
pub(super) fn about(entry: &Entry, shown: impl Fn(&GrantTerm) -> String) -> String {
    let act = &entry.act;
    let labels = act.labels();
    let code = || labels.code.clone().unwrap_or_default();
    let because = |why: &str| Some(format!("because: {why}"));
    let said = |what: &str, said: &Option<String>| said.as_ref().map(|said| format!("{what}{said}"));
    let words = match act {
        Act::Opened { vendor, .. } => vec![said("the ledger of ", vendor)],
        Act::Account(customer) => vec![
            Some(customer.name.to_string()),
            said("", &customer.title),
            customer.group.as_ref().map(|group| format!("in the group {group}")),
        ],
        Act::Ordered { order, account, .. } => vec![
            Some(format!("order {}", order.number)),
            Some(order.product.clone()),
            account.as_ref().map(|account| format!("account {account}")),
            Some(code()),
        ],
        Act::Added { account, .. } => vec![Some(format!("{} to the account {account}", code()))],
        Act::Passed { from, recipient, note, .. } => {
            vec![Some(format!("{} to {recipient}", code())), Some(format!("from {from}")), said("", note)]
        }
        Act::Cancelled { note, .. } => vec![Some(code()), said("", note)],
        Act::Renewed { term, .. } => vec![Some(code()), Some(shown(term))],
        Act::Overdrawn { .. } => vec![Some(code())],
        Act::Activated(activation) => vec![
            Some(activation.unit.to_string()),
            Some(activation.product.clone()),
            activation.evaluation.then(|| "evaluation".to_owned()),
            said("for ", &activation.end_user),
        ],
        Act::Released { unit, product, license, note, .. } => vec![
            Some(unit.to_string()),
            Some(product.clone()),
            Some(format!("license {license}")),
            said("", note),
        ],
        Act::ClockReset { unit, product, .. } => vec![Some(unit.to_string()), Some(product.clone())],
        Act::Restored { number, note, .. } => {
            let before = entry.number - 1;
            let lost = match number.checked_sub(before) {
                None | Some(0) => None,
                Some(1) => Some(format!("entry {number} lost")),
                Some(_) => Some(format!("entries {} to {number} lost", before + 1)),
            };
            vec![Some(format!("restored at entry {before}")), lost, said("", note)]
        }
        Act::Reversed(reversal) => {
            vec![
                Some(format!("entry {}", reversal.entry)),
                Some(reversed(&reversal.of, &shown)),
                because(&reversal.because),
            ]
        }
        Act::Corrected { customer, reference, because: why, .. } => {
            vec![Some(code()), said("customer ", customer), said("reference ", reference), because(why)]
        }
        Act::Noted(note) => vec![
            Some(note.unit.to_string()),
            said("end user ", &note.end_user),
            said("location ", &note.location),
            said("comment ", &note.comment),
        ],
        Act::ClockOverride { clock, because: why } => {
            vec![Some(format!("by this desk's clock {clock}")), because(why)]
        }
    };
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn unit(act: &Act) -> Option<String> {
    match act {
        Act::Activated(Activation { unit, .. })
        | Act::Released { unit, .. }
        | Act::ClockReset { unit, .. }
        | Act::Noted(UnitNote { unit, .. })
        | Act::Reversed(Reversal { of: Reversed::License { unit, .. }, .. }) => Some(unit.to_string()),
        _ => None,
    }
}

/// The number of the entry that an act reverses.
pub(super) fn reverses(act: &Act) -> Option<u64> {
    match act {
        Act::Reversed(reversal) => Some(reversal.entry),
        _ => None,
    }
}

/// What was reversed.
fn reversed(of: &Reversed, shown: &impl Fn(&GrantTerm) -> String) -> String {
    match of {
        Reversed::Order { code } => format!("the order of {code}"),
        Reversed::Addition { code, account } => format!("{code} in the account {account}"),
        Reversed::Passing { from, to } => format!("{to} passed on from {from}"),
        Reversed::Cancellation { code } => format!("the cancellation of {code}"),
        Reversed::Renewal { code, term } => format!("the renewal of {code}, again {}", shown(term)),
        Reversed::License { unit, license, .. } => format!("license {license} of {unit}"),
    }
}
