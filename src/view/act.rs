//! The acts of a desk: a charge, a release, a clock reset.

use airlatch_core::model::{Time, Unit};
use airlatch_desk::charge;
use airlatch_desk::desk::{self, PlannedLicense, Pools};
use airlatch_desk::ledger::{Holder, Transfer};

use super::{Rows, View, text, when};

view! {
    /// The charge of a license.
    #[serde(transparent)]
    Charge<'a>(planned: &'a PlannedLicense, after: &Pools) {
        charged: Vec<ChargeLine<'a>> = ChargeLine::all(&planned.charged, after),
    }
}

view! {
    /// An article charged to a code, and the quantity left afterwards.
    ChargeLine<'a>(take: &'a charge::ChargeLine, left: u64) {
        code: String = text(take.code),
        article: &'a str = take.article.as_str(),
        quantity: u64 = take.quantity,
        overdrawn: u64 = take.overdrawn,
        left: u64 = left,
    }
}

view! {
    /// What stays on the codes after a list because a model can't have it.
    Stays<'a>(unavailable: &'a charge::Unavailable, quantity: u64) {
        article: &'a str = unavailable.article.as_str(),
        quantity: u64 = quantity,
        model: Option<&'a str> = unavailable.model.as_deref(),
        /// How much of the feature the model can have.
        limit: u64 = unavailable.limit,
    }
}

impl Stays<'_> {
    /// `2 of `video` stay on the code: not available for model IP24`.
    pub(crate) fn note(&self) -> String {
        charge::Unavailable { counted: true, stays: self.quantity, ..self.unavailable.clone() }.to_string()
    }
}

impl<'a> ChargeLine<'a> {
    /// All of these; `after` are the codes as they stand afterwards.
    pub(crate) fn all(charged: &'a [charge::ChargeLine], after: &Pools) -> Vec<Self> {
        let left = |take: &charge::ChargeLine| {
            let pool = after.iter().find(|pool| pool.code == take.code);
            pool.and_then(|pool| pool.left.get(&take.article)).copied().unwrap_or(0)
        };
        charged.iter().map(|take| Self::of(take, left(take))).collect()
    }
}

impl View for ChargeLine<'_> {
    fn rows(&self, _: Time) -> Rows {
        let ChargeLine { code, article, quantity, overdrawn, left, .. } = self;
        let beyond = match overdrawn {
            0 => String::new(),
            beyond => format!(", {beyond} of them beyond the order, to be invoiced"),
        };
        Rows::below().row("charge", format!("{article} {quantity} from {code}, leaves {left}{beyond}"))
    }
}

impl View for Charge<'_> {
    fn rows(&self, now: Time) -> Rows {
        if self.planned.evaluation {
            return Rows::below().row("charge", "nothing: a trial license");
        }
        if self.charged.is_empty() {
            return Rows::below().row("charge", "nothing: the unit has all of it already");
        }
        self.charged.iter().fold(Rows::below(), |rows, take| rows.with(take.rows(now)))
    }
}

view! {
    /// The quantities that a release returns to the codes; `receipt` is the receipt's id.
    Release<'a>(release: &'a desk::Release, receipt: String) {
        receipt: String = receipt,
        license: String = text(release.receipt.license),
        product: &'a str = &release.receipt.product,
        unit: String = text(Unit::Host(release.receipt.system_id)),
        made: String = text(release.receipt.made),
        note: Option<&'a str> = release.receipt.note.as_deref(),
        evaluation: bool = release.evaluation,
        returned: Vec<Returned<'a>> = release.transfers.iter().map(Returned::of).collect(),
        entry: Option<u64> = release.booked.map(|(number, _)| number),
        booked: Option<String> = release.booked.map(|(_, time)| text(time)),
        already: bool = release.already,
    }
}

view! {
    /// An article that comes back to a code.
    Returned<'a>(transfer: &'a Transfer) {
        code: String = match transfer.to {
            Holder::Pool(code) => text(code),
            other => text(other),
        },
        article: &'a str = transfer.article.as_str(),
        quantity: u64 = transfer.quantity,
    }
}

impl View for Release<'_> {
    fn rows(&self, now: Time) -> Rows {
        let license = &self.release.license;
        let nothing = match () {
            () if self.evaluation => Some("nothing: a trial license"),
            () if self.returned.is_empty() => Some("nothing: nothing was charged"),
            () => None,
        };
        let returned =
            self.returned.iter().map(|it| format!("{} {} to {}", it.article, it.quantity, it.code));
        Rows::below()
            .words("license to book back")
            .row("license", format!("{}, issued {}", self.license, when::since(license.issued, now)))
            .row("product", license.title())
            .row("for", &self.unit)
            .each("customer", &license.customer)
            .row("released", format!("{}, by the host's clock", when::at(self.release.receipt.made, now)))
            .each("note", self.note)
            .each("books back", nothing)
            .each("books back", returned)
    }
}

view! {
    /// A reset of a host's clock.
    Reset<'a>(reset: &'a desk::Reset) {
        product: &'a str = &reset.reset.product,
        unit: String = text(Unit::Host(reset.reset.system_id)),
        issued: String = text(reset.reset.issued),
        request: String = text(reset.reset.request),
    }
}
