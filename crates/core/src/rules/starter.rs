//! The activation period: a product works for its first days on any host, before it has its own license.

use crate::model::{Error, HostMemory, Reason, Time};

use super::days;

/// The state of the activation period.
pub(super) enum StarterState {
    /// It is running: the warning, and when it ends.
    Running(Error, Time),
    /// It is over, has not begun, or its beginning is unknown: the refusal.
    Over(Error),
}

/// The state of the activation period of `product`: `days` from its first installation here.
pub(super) fn starter(product: &str, days: u32, memory: &HostMemory, now: Time) -> StarterState {
    let over = |message: &str| Error::new(Reason::NotActivated, message).at("lock.days");
    let Some(start) = memory.first_installed.get(product) else {
        let message = if memory.lost_at.is_some() {
            "the time of this product's first installation here was lost: it needs a license"
        } else {
            "the activation period begins with the installation, and this license is not installed here"
        };
        return StarterState::Over(over(message));
    };
    let end = start.plus_days(i64::from(days));
    if now >= end {
        let error = over("the activation period is over: this host needs a license");
        return StarterState::Over(
            error.detail(format!("began      {start}")).detail(format!("ended      {end}")),
        );
    }
    let left = days::in_words(now.days_until(end));
    let message = format!("no license of its own yet: this product works for {left} more");
    let error = Error::new(Reason::ActivationPeriod, message).at("lock.days");
    let error = error.detail(format!("began      {start}")).detail(format!("ends       {end}"));
    StarterState::Running(error, end)
}
