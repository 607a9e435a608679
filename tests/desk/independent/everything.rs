//! What a unit takes without naming it: everything that it can use, or one of everything.

use super::catalog::{Feature, Kind};
use super::issue::Attempt;

impl Attempt<'_> {
    /// Everything on the codes that the unit can use.
    pub fn take_all(&mut self) {
        let product = self.product;
        for feature in &product.features {
            if feature.is_free(self.model.as_deref()) {
                continue;
            }
            match feature.kind {
                Kind::Level { .. } => self.take_highest(feature),
                Kind::Switch if self.lasts(&feature.name) => {}
                Kind::Switch if self.named.iter().any(|code| self.has(*code, &feature.name) > 0) => {}
                _ => self.take_what_fits(feature),
            }
        }
    }

    fn take_what_fits(&mut self, feature: &Feature) {
        let name = &feature.name;
        for code in self.named.clone() {
            let many = self.available(code, name, false).min(self.room(feature, code));
            self.charge(code, name, many);
            if many > 0 && feature.kind == Kind::Switch {
                return;
            }
        }
        let held = self.named.iter().map(|code| self.has(*code, name)).sum();
        // What is not on the codes is not stated.
        if feature.kind == Kind::Count && self.named.iter().any(|code| self.is_on(*code, name)) {
            self.unit.state(name, &self.named, held);
        }
    }

    /// How much more of a feature the unit can use from a code: never more than its maximum, and as much as what bounds it
    /// allows at some time of its term.
    fn room(&self, feature: &Feature, code: u8) -> u64 {
        let (name, view) = (&feature.name, self.view());
        let since = self.unit.since.get(&code).copied().unwrap_or(self.now);
        let (begin, end) = self.codes[&code].term_since(since);
        let times = view.times(self.now.max(begin)).into_iter().chain(view.times(self.now));
        let times: Vec<_> =
            times.filter(|time| *time >= begin.max(self.now) && end.is_none_or(|end| *time < end)).collect();
        let most = feature.limit(self.model.as_deref());
        let rest = |most: u64| most.saturating_sub(self.held_in_all(name, |_| true));
        let mut room = match feature.kind {
            Kind::Switch => most.unwrap_or(1).min(1),
            _ => most.map_or(u64::MAX, rest),
        };
        if feature.not_twice && times.iter().any(|time| view.held(name, *time, |other| other != code) > 0) {
            room = 0;
        }
        if let Some(bound) = &feature.bounded_by {
            let most = |time: &i64| view.licensed(*time).get(bound).copied().flatten().unwrap_or(0);
            let ever = view.times(self.now).iter().map(most).max().unwrap_or(0);
            let then = |time: &i64| most(time).saturating_sub(view.used(name, *time));
            room = room.min(ever.saturating_sub(self.held_in_all(name, |_| true)));
            room = room.min(times.iter().map(then).max().unwrap_or(0));
        }
        let is_met = |time: &i64| {
            let licensed = view.licensed(*time);
            feature.requires.iter().any(|needed| licensed.contains_key(needed))
        };
        if feature.requires.is_empty() || times.iter().any(is_met) { room } else { 0 }
    }
}
