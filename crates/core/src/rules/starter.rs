//! The activation period: a product works for its first days on any host, before a license is there.

use crate::model::{Memory, Reason, Time, Trouble};

const DAY: i64 = 86_400;

/// Where the activation period stands.
pub(super) enum Starter {
    /// It runs: what to say.
    Runs(Trouble),
    /// It is over, or nobody can tell when it began.
    Over(Trouble),
}

/// The activation period of `product`, `days` long from when it was first installed here.
pub(super) fn starter(product: &str, days: u32, memory: &Memory, now: Time) -> Starter {
    let over = |what: &str| Trouble::new(Reason::NotActivated, what).at("lock.days");
    let Some(start) = memory.starts.get(product) else {
        let what = if memory.lost.is_some() {
            "when this product was first installed here is not known any more: it needs activation"
        } else {
            "the activation period begins when it is installed: it is not installed here"
        };
        return Starter::Over(over(what));
    };
    let end = start.plus(i64::from(days) * DAY);
    if now >= end {
        let trouble = over("the activation period is over: this host needs activation");
        return Starter::Over(
            trouble.detail(format!("began      {start}")).detail(format!("ended      {end}")),
        );
    }
    let what = match now.days_until(end) {
        0 => "not activated yet: this product works for less than a day more".into(),
        1 => "not activated yet: this product works for 1 day more".into(),
        days => format!("not activated yet: this product works for {days} days more"),
    };
    let trouble = Trouble::new(Reason::ActivationPeriod, what).at("lock.days");
    Starter::Runs(trouble.detail(format!("began      {start}")).detail(format!("ends       {end}")))
}
