//! Levels in the model: the steps that a unit takes.

use std::collections::BTreeSet;

use super::catalog::Feature;
use super::issue::Attempt;
use super::steps::{Step, all, article, path, reached, way};

impl Attempt<'_> {
    /// The steps that last as long as the code.
    fn lasting_steps(&self, feature: &Feature, code: u8) -> Vec<Step> {
        let view = self.view();
        let (begin, end) = self.term(code);
        let lasts = |other: &u8| {
            let (from, until) = view.term(*other);
            from <= begin
                && (until.is_none() || end.is_some_and(|end| until.is_some_and(|until| until >= end)))
        };
        let holds = |step: &Step| {
            let name = article(feature, *step);
            self.unit.held.iter().any(|(code, held)| held.contains_key(&name) && lasts(code))
        };
        all(feature).into_iter().filter(holds).collect()
    }

    /// The term of a code for the unit, from now on.
    fn term(&self, code: u8) -> (i64, Option<i64>) {
        let (begin, end) = self.view().term(code);
        (begin.max(self.now), end)
    }

    /// The level by the steps that last as long as the code, and the one the unit has at the beginning.
    fn levels(&self, feature: &Feature, code: u8) -> (u64, u64) {
        let lasting = reached(&self.lasting_steps(feature, code));
        (lasting, self.view().level(feature, self.term(code).0))
    }

    /// The steps that the code can give; no unit gets the same base twice.
    fn available_steps(&self, feature: &Feature, code: u8, overdraft: bool) -> Vec<Step> {
        self.new_steps(feature, code, |name| {
            let all = [false, true];
            let rounds = if overdraft { &all[..] } else { &all[..1] };
            rounds.iter().any(|overdraft| self.available(code, name, *overdraft) > 0)
        })
    }

    /// The steps that are given, without the bases that the unit has anyway.
    fn new_steps(&self, feature: &Feature, code: u8, gives: impl Fn(&str) -> bool) -> Vec<Step> {
        let lasting = self.lasting_steps(feature, code);
        let is_new = |step: &Step| step.0 > 0 || !lasting.contains(step);
        all(feature).into_iter().filter(|step| gives(&article(feature, *step))).filter(is_new).collect()
    }

    fn take_steps(&mut self, feature: &Feature, code: u8, taken: &[Step]) {
        let most = feature.limit(self.model.as_deref());
        for step in taken {
            if most.is_some_and(|most| step.1 > most) {
                self.wrong.extend(["over-limit", "not-on-model"]);
            }
            self.charge(code, &article(feature, *step), 1);
        }
    }

    /// Takes the steps to a level, if it has not been reached for as long as the code lasts.
    pub fn take_level(&mut self, feature: &Feature, wanted: u64) {
        let code = self.named[0];
        let (lasting, present) = self.levels(feature, code);
        if wanted <= lasting {
            return;
        }
        let available = self.available_steps(feature, code, true);
        let upgrades: Vec<_> = available.iter().copied().filter(|(from, _)| *from > 0).collect();
        let lasts = way(&available, lasting, wanted);
        if lasts.is_none() && wanted <= present {
            return;
        }
        let for_now = || path(&upgrades, present, wanted).filter(|_| present > 0);
        match lasts.or_else(for_now) {
            Some(path) => self.take_steps(feature, code, &path),
            None => {
                self.wrong.extend(["short-pool", "wrong-step", "not-sold", "already-held"]);
                let is_over = feature.articles().iter().any(|it| self.has_only_ended(code, it));
                self.wrong.extend(is_over.then_some("expired"));
            }
        }
        if feature.limit(self.model.as_deref()) == Some(0) {
            self.wrong.insert("not-on-model");
        }
        if feature.limit(self.model.as_deref()).is_some_and(|most| wanted > most) {
            self.wrong.insert("over-limit");
        }
    }

    /// Takes named steps, bases first.
    pub fn take_named_steps(&mut self, feature: &Feature, names: &[String]) {
        let code = self.named[0];
        let mut named: Vec<_> =
            all(feature).into_iter().filter(|step| names.contains(&article(feature, *step))).collect();
        named.sort_by_key(|step| step.1);
        let is_held = |attempt: &Self, step: Step| attempt.has(code, &article(feature, step)) > 0;
        if named.iter().filter(|step| step.0 == 0 && !is_held(self, **step)).count() > 1 {
            self.wrong.extend(["over-limit", "already-held", "short-pool"]);
            return;
        }
        for step in named {
            let (lasting, present) = self.levels(feature, code);
            let available = self.available_steps(feature, code, true);
            if is_held(self, step) {
                continue;
            }
            if step.1 <= lasting {
                self.maybe.extend(["wrong-step", "already-held", "over-limit", "short-pool"]);
                continue;
            }
            let upgrades: Vec<_> = available.iter().copied().filter(|(from, _)| *from > 0).collect();
            let fits = step.0 == 0 || step.0 == lasting || step.0 == present;
            let way = path(&upgrades, lasting, step.1).filter(|_| lasting > 0 && step.0 == 0);
            match way {
                Some(way) => self.take_steps(feature, code, &way),
                None if fits && available.contains(&step) => self.take_steps(feature, code, &[step]),
                None => self.wrong.extend([
                    "short-pool",
                    "wrong-step",
                    "already-held",
                    "over-limit",
                    "not-on-model",
                ]),
            }
        }
    }

    /// For one of many units: the steps on the code, as far as they lead to a higher level.
    pub fn take_each_step(&mut self, names: &[String]) {
        let (code, product) = (self.named[0], self.product);
        for feature in product.features.iter().filter(|it| it.is_level()) {
            if !names.iter().any(|name| feature.articles().contains(name)) {
                continue;
            }
            // It takes the steps that it would take if all were left.
            let ordered = self.new_steps(feature, code, |name| names.iter().any(|other| other == name));
            let way = self.highest_way(feature, &ordered);
            let left = self.available_steps(feature, code, true);
            if way.iter().any(|step| !left.contains(step)) {
                self.wrong.insert("short-pool");
            }
            self.take_steps(feature, code, &way);
            if self.levels(feature, code).1 == 0 {
                self.wrong.extend([
                    "short-pool",
                    "wrong-step",
                    "over-limit",
                    "not-on-model",
                    "needs-feature",
                    "expired",
                ]);
            }
        }
    }

    /// Takes the steps to the highest level that the unit can have.
    pub fn take_highest(&mut self, feature: &Feature) {
        let code = self.named[0];
        let way = self.highest_way(feature, &self.available_steps(feature, code, false));
        self.take_steps(feature, code, &way);
    }

    /// The steps to the highest level that the unit can have, out of these.
    fn highest_way(&self, feature: &Feature, available: &[Step]) -> Vec<Step> {
        let code = self.named[0];
        let (lasting, present) = self.levels(feature, code);
        let most = feature.limit(self.model.as_deref()).unwrap_or(u64::MAX);
        let ends: BTreeSet<u64> = available.iter().map(|step| step.1).filter(|to| *to <= most).collect();
        let upgrades: Vec<_> = available.iter().copied().filter(|(from, _)| *from > 0).collect();
        let for_now = |to: u64| path(&upgrades, present, to).filter(|_| present > 0 && to > present);
        let mut ends = ends.into_iter().rev().filter(|to| *to > lasting && *to >= present);
        ends.find_map(|to| way(available, lasting, to).or_else(|| for_now(to))).unwrap_or_default()
    }
}
