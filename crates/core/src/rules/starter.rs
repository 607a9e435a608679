//! The activation period: a product works for its first days on any host, before a license is there.

use crate::model::{Error, HostMemory, Reason, Time};

/// Where the activation period stands.
pub(super) enum StarterState {
    /// It runs: what to say.
    Runs(Error),
    /// It is over, or nobody can tell when it began.
    Over(Error),
}

/// The activation period of `product`, `days` long from when it was first installed here.
pub(super) fn starter(product: &str, days: u32, memory: &HostMemory, now: Time) -> StarterState {
    let over = |what: &str| Error::new(Reason::NotActivated, what).at("lock.days");
    let Some(start) = memory.first_installed.get(product) else {
        let what = if memory.lost_at.is_some() {
            "when this product was first installed here is not known any more: it needs activation"
        } else {
            "the activation period begins when it is installed: it is not installed here"
        };
        return StarterState::Over(over(what));
    };
    let end = start.plus_days(i64::from(days));
    if now >= end {
        let error = over("the activation period is over: this host needs activation");
        return StarterState::Over(
            error.detail(format!("began      {start}")).detail(format!("ended      {end}")),
        );
    }
    let what = match now.days_until(end) {
        0 => "not activated yet: this product works for less than a day more".into(),
        1 => "not activated yet: this product works for 1 day more".into(),
        days => format!("not activated yet: this product works for {days} days more"),
    };
    let error = Error::new(Reason::ActivationPeriod, what).at("lock.days");
    StarterState::Runs(error.detail(format!("began      {start}")).detail(format!("ends       {end}")))
}
