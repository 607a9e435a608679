//! Corrections in a history: any entry is reversed, and orders are corrected.

use airlatch_core::model::{OrderCode, Reason, Unit};
use airlatch_desk::desk::{self, Correction, PlannedReversal};
use airlatch_desk::ledger::{Act, Holder, Ledger, Query, Reversal, Reversed, Transfer};
use airlatch_desk::orders::Lines;

use super::history::History;

impl History {
    /// Reverses a random entry; a second time is refused, unless the seats of a license were held back the first time.
    pub fn reverse(&mut self) {
        let last = self.ledger.read(|book| book.head()).unwrap().number;
        // Acts of which there are few, else any of the last ones; without their orders, histories would end early.
        let few = vec!["added", "passed", "cancelled", "renewed"];
        let few = Query { acts: self.dice.pick(&[few.clone(), few, vec!["ordered"]]), ..Query::default() };
        let few = self.ledger.read(|book| book.entries(&few)).unwrap();
        let again = Query { acts: vec!["reversed"], ..Query::default() };
        let again = self.ledger.read(|book| book.entries(&again)).unwrap();
        let again: Vec<u64> = again.iter().filter_map(|entry| reversed_license(&entry.act)).collect();
        let number = match self.dice.below(10) {
            0..5 if !few.is_empty() => self.dice.pick(&few).number,
            5..7 if !again.is_empty() => self.dice.pick(&again),
            _ => last.saturating_sub(self.dice.below(8)).max(1),
        };
        let before = self.ledger.clone();
        let done = self.work("reverse", |operator, book| {
            let done = desk::reverse(operator, book, number, "a mistake")?;
            let again = desk::reverse(operator, book, number, "a mistake");
            assert_eq!(again.unwrap_err().reason(), Reason::NotReversible, "reversed twice: {number}");
            Ok(done)
        });
        match done {
            Ok(done) => self.reversed(&done),
            Err(error) => {
                assert!(self.ledger == before);
                let refused = [Reason::NotReversible, Reason::Cancelled, Reason::ClockRollback];
                assert!(refused.contains(&error.reason()), "{error}");
            }
        }
    }

    fn reversed(&mut self, done: &PlannedReversal) {
        let word = done.reversal.of.word();
        *self.tally.entry(format!("reverse {word}")).or_default() += 1;
        let lines: Lines = done.transfers.iter().map(|it| (it.article.clone(), it.quantity)).collect();
        match &done.reversal.of {
            Reversed::Order { code } => self.model.cancelled(*code, &lines),
            Reversed::Addition { .. } => {}
            Reversed::Passing { from, to } => self.model.unpassed(*from, *to, &lines),
            Reversed::Cancellation { code } => self.model.uncancelled(*code, &lines),
            Reversed::Renewal { code, term } => self.orders.get_mut(code).unwrap().term = term.clone(),
            Reversed::License { unit, .. } => self.seats_returned(*unit, &done.transfers),
        }
    }

    /// The seats of a license that has ended are free again, and charged when they are asked for again.
    fn seats_returned(&mut self, unit: Unit, transfers: &[Transfer]) {
        for it in transfers {
            let Holder::Pool(code) = it.to else { panic!("{it:?}") };
            self.model.untaken(unit, code, &it.article, it.quantity);
        }
        if transfers.is_empty() {
            return;
        }
        *self.tally.entry("reverse returns seats".into()).or_default() += 1;
        for (requested, done) in self.requests.iter_mut().filter(|(it, _)| it.unit() == unit) {
            *done &= requested.requested().codes.is_empty();
        }
    }

    /// Corrects the customer and some quantities of a random order.
    pub fn correct(&mut self) {
        let code: OrderCode = self.any_code();
        let booked = self.orders.get(&code).map(|order| order.lines.clone()).unwrap_or_default();
        let mut lines = Lines::new();
        for (article, many) in booked {
            match self.dice.below(4) {
                0 => lines.insert(article, many + self.dice.below(20)),
                1 => lines.insert(article, many.saturating_sub(self.dice.below(20))),
                _ => None,
            };
        }
        let customer = self.dice.one_in(2).then(|| "City".to_owned());
        let correction =
            Correction { customer: customer.clone(), lines: lines.clone(), ..Correction::default() };
        let done = self.work("correct", |operator, book| desk::correct(operator, book, code, &correction));
        if let Ok(pool) = done {
            self.model.corrected(code, &lines);
            assert!(customer.is_none() || pool.order.customer == customer);
            self.orders.get_mut(&code).unwrap().lines = pool.order.lines;
        }
    }
}

/// The entry of a license that was reversed: it may be reversed again when the license has ended.
fn reversed_license(act: &Act) -> Option<u64> {
    match act {
        Act::Reversed(Reversal { entry, of: Reversed::License { .. }, .. }) => Some(*entry),
        _ => None,
    }
}
