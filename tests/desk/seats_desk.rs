//! A desk in memory, with numbered orders and one operator.

use airlatch_core::crypto::TrustedSet;
use airlatch_core::model::{Features, License, OrderCode, Result, Time};
use airlatch_desk::catalog::{Catalog, GrantEnd, GrantTerm};
use airlatch_desk::charge::{Applicant, ChargeLine, Wanted};
use airlatch_desk::desk::{
    self, Activated, ActivationNotes, ActivationPlan, ActivationRequest, Booked, ModelInput, Operator, Pools,
};
use airlatch_desk::ledger::{Book, Ledger, MemoryLedger};
use airlatch_desk::orders::Order;

pub use crate::scene::lines;
use crate::scene::{catalog, features, key, name, opened, time, trusted};

pub struct Desk {
    pub ledger: MemoryLedger,
    pub catalog: Catalog,
    pub trusted: TrustedSet,
    pub now: Time,
}

/// The result of an activation.
#[derive(Debug)]
pub struct Done {
    pub new: bool,
    pub license: License,
    pub bytes: Vec<u8>,
    pub charged: Vec<ChargeLine>,
    pub notes: Vec<String>,
}

impl Desk {
    pub fn new() -> Self {
        let now = time("2026-11-21T12:00:00Z");
        Self { ledger: opened(now), catalog: catalog(), trusted: trusted(), now }
    }

    /// A desk with permanent orders for the telephone system, with the codes 1, 2 and so on.
    pub fn with(orders: &[&[(&str, u64)]]) -> Self {
        let mut desk = Self::new();
        for (at, lines) in orders.iter().enumerate() {
            desk.book(at as u8 + 1, order(&format!("SO-{}", at + 1), lines)).unwrap();
        }
        desk
    }

    pub fn work<T>(&mut self, work: impl FnOnce(&Operator<'_>, &mut dyn Book) -> Result<T>) -> Result<T> {
        let operator = Operator {
            catalog: &self.catalog,
            now: self.now,
            trusted: &self.trusted,
            actor: "ann",
            clock: desk::ClockPolicy { is_right: true, ..Default::default() },
        };
        self.ledger.transact(|book| work(&operator, book))
    }

    pub fn book(&mut self, number: u8, order: Order) -> Result<Booked> {
        self.work(|operator, book| desk::book_order(operator, book, order, None, code(number)))
    }

    /// Plans and activates.
    pub fn issue(&mut self, requested: &ActivationRequest<'_>) -> Result<Done> {
        self.work(|operator, book| {
            match desk::plan_activation(operator, book, requested, &mut Pools::default())? {
                ActivationPlan::Found(found) => Ok(Done {
                    new: false,
                    license: found.license.get().clone(),
                    bytes: found.sealed.bytes().to_vec(),
                    charged: Vec::new(),
                    notes: found.notes,
                }),
                ActivationPlan::New(planned) => {
                    let Activated { license, sealed } = desk::activate(
                        operator,
                        book,
                        &planned,
                        &requested.codes,
                        &requested.notes,
                        &key(1),
                    )?;
                    let (charged, notes) = (planned.charged, planned.notes);
                    Ok(Done { new: true, license, bytes: sealed.bytes().to_vec(), charged, notes })
                }
            }
        })
    }

    /// What is left of an article on a code.
    pub fn left(&self, number: u8, article: &str) -> u64 {
        let pool = self.ledger.read(|book| desk::pool(book, code(number))).unwrap();
        pool.left.get(&name(article)).copied().unwrap_or_default()
    }
}

pub fn code(number: u8) -> OrderCode {
    OrderCode::from_digest(&[number; 32])
}

pub fn term(end: GrantEnd) -> GrantTerm {
    GrantTerm { from: None, end }
}

pub fn order(number: &str, list: &[(&str, u64)]) -> Order {
    Order {
        number: number.into(),
        reference: None,
        customer: None,
        product: "pbx".into(),
        version: None,
        term: term(GrantEnd::Permanent),
        lines: lines(list),
        overdraft: 0,
    }
}

/// A request for these features from the codes with these numbers, for a unit of the model IP24.
pub fn requested<'a>(applicant: Applicant<'a>, codes: &[u8], these: &'a Features) -> ActivationRequest<'a> {
    ActivationRequest {
        applicant,
        product: codes.is_empty().then_some("pbx"),
        codes: codes.iter().map(|number| code(*number)).collect(),
        wanted: if these.is_empty() { Wanted::Unspecified } else { Wanted::Features(these) },
        model: ModelInput { named: Some("IP24"), ..ModelInput::default() },
        may_overdraw: false,
        other_hardware: false,
        clock_ahead: false,
        weak_lock: matches!(applicant, Applicant::SystemId(_)),
        notes: ActivationNotes::default(),
    }
}

pub fn some(text: &str) -> Features {
    features(text)
}

/// A recipient of a part of a code.
pub fn shop() -> desk::Recipient {
    desk::Recipient { name: "shop".into(), ..desk::Recipient::default() }
}
