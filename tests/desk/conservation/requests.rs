//! Random requests, and checks of their licenses against what the unit holds.

use std::rc::Rc;

use airlatch_core::crypto::{self, Verified};
use airlatch_core::host;
use airlatch_core::model::{
    Features, License, LockingId, Mac, OrderCode, Quantity, Request, SiteSerial, SystemId, Time, Unit,
};
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{ActivationNotes, ActivationRequest, ModelInput};

use super::history::History;
use crate::scene::{self, features, key, name};

/// A request with everything it refers to.
#[derive(Debug, Clone)]
pub struct Whole {
    pub ask: Asking,
    pub wanted: Wanting,
    codes: Vec<OrderCode>,
    product: &'static str,
    model: Option<&'static str>,
    corrects: bool,
    may_overdraw: bool,
    other_hardware: bool,
    notes: ActivationNotes,
}

#[derive(Debug, Clone)]
pub enum Asking {
    Request(Rc<Verified<Request>>),
    SystemId(SystemId),
    LockingId(LockingId),
    Mac(Mac),
    Site(SiteSerial),
}

#[derive(Debug, Clone)]
pub enum Wanting {
    Unsaid,
    All,
    Each(u64),
    These(Features),
}

impl Whole {
    /// The applicant.
    pub fn unit(&self) -> Unit {
        match &self.ask {
            Asking::Request(request) => Unit::Host(request.get().system_id),
            Asking::SystemId(id) => Unit::Host(*id),
            Asking::LockingId(id) => Unit::Hardware(*id),
            Asking::Mac(mac) => Unit::Device(*mac),
            Asking::Site(site) => Unit::Site(*site),
        }
    }

    pub fn requested(&self) -> ActivationRequest<'_> {
        ActivationRequest {
            applicant: match &self.ask {
                Asking::Request(request) => Applicant::Request(request),
                Asking::SystemId(id) => Applicant::SystemId(*id),
                Asking::LockingId(id) => Applicant::LockingId(*id),
                Asking::Mac(mac) => Applicant::Mac(*mac),
                Asking::Site(site) => Applicant::Site(*site),
            },
            product: self.codes.is_empty().then_some(self.product),
            codes: self.codes.clone(),
            wanted: match &self.wanted {
                Wanting::Unsaid => Wanted::Unspecified,
                Wanting::All => Wanted::All,
                Wanting::Each(many) => Wanted::PerUnit(*many),
                Wanting::These(features) => Wanted::Features(features),
            },
            model: ModelInput { named: self.model, otherwise: None, corrects: self.corrects },
            may_overdraw: self.may_overdraw,
            other_hardware: self.other_hardware,
            clock_ahead: false,
            weak_lock: matches!(self.ask, Asking::SystemId(_)),
            notes: self.notes.clone(),
        }
    }
}

impl History {
    /// A random request.
    pub fn requested(&mut self) -> Whole {
        let mut codes = Vec::new();
        if !self.dice.one_in(10) {
            let first = self.any_code();
            codes.push(first);
            for _ in 0..self.dice.below(6).saturating_sub(3) {
                let more = self.any_code();
                if self.dice.one_in(20) || self.alike(first, more) && !codes.contains(&more) {
                    codes.push(more);
                }
            }
        }
        let sold = codes.first().and_then(|code| self.orders.get(code));
        let product = sold.map_or("pbx", |order| if order.product == "pbx" { "pbx" } else { "phone" });
        let end_user = self.dice.one_in(6).then(|| "Town hall".to_owned());
        Whole {
            ask: self.asking(product),
            wanted: self.wanting(product),
            codes,
            product,
            model: (product == "pbx").then(|| self.dice.pick(&[Some("IP800"), Some("IP24"), None])).flatten(),
            corrects: self.dice.one_in(2),
            may_overdraw: self.dice.one_in(2),
            other_hardware: self.dice.one_in(10),
            notes: ActivationNotes { end_user, ..ActivationNotes::default() },
        }
    }

    /// A request for everything left on a code.
    pub fn request_all(&mut self, code: OrderCode) -> Whole {
        let product = if self.orders[&code].product == "pbx" { "pbx" } else { "phone" };
        let (ask, model) = (self.asking(product), (product == "pbx").then_some("IP800"));
        Whole { ask, wanted: Wanting::All, codes: vec![code], product, model, ..self.requested() }
    }

    /// Whether two codes can be used together, as in most requests.
    fn alike(&self, one: OrderCode, other: OrderCode) -> bool {
        match (self.orders.get(&one), self.orders.get(&other)) {
            (Some(one), Some(other)) => one.product == other.product,
            _ => false,
        }
    }

    fn asking(&mut self, product: &str) -> Asking {
        let number = self.dice.below(4) as u8;
        let phone = product == "phone" && !self.dice.one_in(20);
        match self.dice.below(if phone { 3 } else { 10 }) {
            0 | 1 => Asking::Mac(Mac([0, 0x90, 0x36 - number, 0, 0, number])),
            2 => Asking::Site(SiteSerial::from_digest(&[number; 32])),
            3 => Asking::LockingId(crypto::locking_id(&scene::host(number, 0))),
            4 => Asking::SystemId(key(10 + number).public().system_id()),
            _ => {
                let changed = self.dice.pick(&[0, 0, 0, 0, 1, 2, 5]);
                let version = self.dice.pick(&[None, None, None, Some("1"), Some("2")]).map(str::to_owned);
                let requested =
                    host::RequestInput { product: product.into(), version, ..host::RequestInput::default() };
                let salt = self.dice.roll();
                Asking::Request(Rc::new(scene::request(number, changed, requested, salt, self.now)))
            }
        }
    }

    fn wanting(&mut self, product: &str) -> Wanting {
        match self.dice.below(10) {
            0 => Wanting::Unsaid,
            1 => Wanting::All,
            2 => Wanting::Each(1 + self.dice.below(12)),
            _ if product == "phone" => {
                let many = 1 + self.dice.below(11);
                Wanting::These(features(
                    &self.dice.pick(&["video".to_owned(), format!("video, lines {many}")]),
                ))
            }
            _ => {
                let (few, many) = (1 + self.dice.below(20), 1 + self.dice.below(130));
                let level = self.dice.pick(&[15, 30, 60]);
                let some = [
                    format!("sessions {many}"),
                    format!("sessions {few}"),
                    format!("sessions {many}, PBX {level}, registrations {few}"),
                    format!("PBX {level}"),
                    "PBX#15".to_owned(),
                    "PBX#30@15, voicemail 1".to_owned(),
                    "voicemail, fax".to_owned(),
                    "conference".to_owned(),
                    format!("conference, fax, sessions {few}"),
                ];
                Wanting::These(features(&self.dice.pick(&some)))
            }
        }
    }

    /// A license never allows more than its unit holds at that time from codes of its product and version.
    pub fn held(&mut self, unit: Unit, license: &License, evaluation: bool) {
        let word = if evaluation { "evaluation" } else { license.lock.word() };
        *self.tally.entry(word.into()).or_default() += 1;
        if evaluation {
            let given = self.catalog.product(&license.product).unwrap().evaluation.clone().unwrap();
            let mut features = given.features;
            // Voicemail is free for this model.
            if license.product == "pbx" && license.model.as_deref() == Some("IP800") {
                features.add(name("voicemail"), Quantity::On).unwrap();
            }
            assert_eq!((&license.features, license.after.len()), (&features, 0));
            return;
        }
        for (span, allowed) in license.spans() {
            let counts = |code: OrderCode, began: Time| {
                let order = &self.orders[&code];
                let other = |version: &String| license.version.as_ref() != Some(version);
                // The term of an article starts with its first activation by any unit, at that second.
                let term = order.term.starting(began);
                let lasts = term.is_ok_and(|term| term.until.is_none_or(|end| span.from < end));
                order.product == license.product && !order.version.as_ref().is_some_and(other) && lasts
            };
            let held = |article: &str| self.model.held(unit, &name(article), counts);
            for (feature, quantity) in allowed.iter() {
                let most = match feature.as_str() {
                    "PBX" => level(&held),
                    "voicemail" if license.model.as_deref() == Some("IP800") => 1,
                    whole => held(whole),
                };
                let wanted = if let Quantity::Count(many) = quantity { many } else { 1 };
                assert!(wanted <= most, "{feature} {wanted} of {most} in {license:?}");
            }
        }
    }
}

/// The level, computed from the rule: a base, then upgrades that start from the level.
fn level(held: &impl Fn(&str) -> u64) -> u64 {
    let mut levels: Vec<u64> = [15, 30].into_iter().filter(|base| held(&format!("PBX#{base}")) > 0).collect();
    for (from, to) in [(15, 30), (30, 60)] {
        if levels.contains(&from) && held(&format!("PBX#{to}@{from}")) > 0 {
            levels.push(to);
        }
    }
    levels.into_iter().max().unwrap_or_default()
}
