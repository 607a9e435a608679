//! The options that say what a unit shall have; the same for one unit and for every line of a list.

use anyhow::Result;
use clap::Args;

use super::args::feature;
use airlatch_core::model::{FeatureName, Features, Quantity};
use airlatch_desk::charge::Wanted;

/// What each unit shall have.
#[derive(Args)]
pub(super) struct WantedArgs {
    /// What the unit shall have in total from the named codes, as in sessions=100; can be repeated
    #[arg(long = "quantity", visible_alias = "feature", value_name = "NAME[=N]", value_parser = feature)]
    pub(super) wanted: Vec<(FeatureName, Quantity)>,

    /// Everything the codes offer the unit; what its model can't have stays on the code
    #[arg(long, conflicts_with_all = ["wanted", "grant"])]
    pub(super) all: bool,
}

impl WantedArgs {
    /// Whether neither option was given.
    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty() && !self.all
    }

    /// The quantities of --quantity.
    pub(super) fn features(&self) -> Result<Features> {
        let mut wanted = Features::default();
        for (name, quantity) in &self.wanted {
            wanted.add(name.clone(), *quantity)?;
        }
        Ok(wanted)
    }

    /// Everything, else these features if there are any, else `otherwise`.
    pub(super) fn or<'a>(&self, features: &'a Features, otherwise: Wanted<'a>) -> Wanted<'a> {
        match (self.all, features.is_empty()) {
            (true, _) => Wanted::All,
            (false, true) => otherwise,
            (false, false) => Wanted::Features(features),
        }
    }
}
