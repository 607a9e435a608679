//! The acts of the model.

use super::act::Act;
use super::state::{Done, Model, Said};
use super::{issue, orders, trials};

impl Model {
    /// Does an act; what is issued is returned, and nothing changes if it is refused.
    pub fn act(&mut self, act: &Act) -> Said<Vec<Done>> {
        match act {
            Act::Order { .. } | Act::Pass { .. } | Act::Renew { .. } | Act::Cancel { .. } => {
                orders::act(self, act)?;
            }
            Act::List(lines) => {
                let mut after = self.clone();
                let mut done: Vec<Done> = Vec::new();
                for line in lines {
                    let maybe = || done.iter().flat_map(|done| done.maybe.iter().copied());
                    let said: Said<Done> = issue::issue(&mut after, line)
                        .map_err(|why| why.into_iter().chain(maybe()).collect());
                    done.push(said?);
                }
                *self = after;
                return Ok(done);
            }
            Act::Trial { unit, product, model } => {
                return Ok(vec![trials::trial(self, *unit, product, model.as_deref())?]);
            }
            Act::Release { unit, product } => self.release(*unit, product),
            Act::Issue(wanted) => return Ok(vec![issue::issue(self, wanted)?]),
            Act::On(time) => self.now = self.now.max(*time),
            Act::Without(name) => self.catalog.remove(name),
            Act::Lower(name, most) => self.catalog.lower(name, *most),
        }
        Ok(Vec::new())
    }

    /// Everything that a host has returns to its codes, and its license ends.
    fn release(&mut self, unit: u8, product: &str) {
        let Some(unit) = self.units.get_mut(&(unit, product.to_owned())) else { return };
        if unit.license.take().is_none() {
            return;
        }
        for (number, held) in std::mem::take(&mut unit.held) {
            let Some(code) = self.codes.get_mut(&number) else { continue };
            for (article, many) in held {
                let began = code.released.entry(article.clone()).or_insert(i64::MAX);
                *began = unit.since[&number].min(*began);
                *code.left.entry(article).or_default() += many;
            }
        }
        unit.stated.clear();
        unit.hidden.clear();
    }
}
