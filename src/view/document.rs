//! Documents that a host sends to the desk: requests and release receipts.

use serde_json::{Map, Value};

use airlatch_core::model::{self, ClockResetRequest, ComponentKind, Time};

use super::{Rows, View, features, locking_id, strength, text, unknown, when};

view! {
    /// The content of a request.
    Request<'a>(request: &'a model::Request) {
        product: &'a str = &request.product,
        version: Option<&'a str> = request.version.as_deref(),
        model: Option<&'a str> = request.model.as_deref(),
        system_id: String = text(request.system_id),
        locking_id: Option<String> = locking_id(request.locking_id),
        wanted: Map<String, Value> = features(&request.wanted),
        codes: Vec<String> = request.codes.iter().map(text).collect(),
        site: Option<String> = request.site.map(text),
        note: Option<&'a str> = request.note.as_deref(),
        components: Vec<&'static str> = request.fingerprint.hashes.keys().map(|kind| kind.word()).collect(),
        class: &'a str = &request.class,
        replaces: Option<String> = request.replaces.map(text),
        clock: Option<Clock<'a>> = request.clock.as_ref().map(Clock::of),
        made: String = text(request.made),
        tool: &'a str = &request.tool,
        unknown: Map<String, Value> = unknown(&request.unknown),
    }
}

view! {
    /// The clock reset that a host asks for.
    Clock<'a>(ask: &'a ClockResetRequest) {
        latest: String = text(ask.latest_time),
    }
}

impl View for Request<'_> {
    fn rows(&self, now: Time) -> Rows {
        let request = self.request;
        let asks = |clock: &ClockResetRequest| {
            format!("a clock reset: its clock mark {} is wrong", when::at(clock.latest_time, now))
        };
        let kinds: Vec<ComponentKind> = request.fingerprint.hashes.keys().copied().collect();
        let components = match kinds.len() {
            0 => "none".into(),
            _ => format!("{} ({} lock)", self.components.join(", "), strength(&kinds)),
        };
        Rows::below()
            .row("product", request.title())
            .each("model", self.model)
            .each("moves", self.replaces.as_ref().map(|id| format!("license {id} to this hardware")))
            .each("asks for", request.clock.as_ref().map(asks))
            .row("System ID", &self.system_id)
            .row("Locking ID", request.locking_id.shown())
            .each("wanted", (!request.wanted.is_empty()).then_some(&request.wanted))
            .each("code", &self.codes)
            .each("site", &self.site)
            .each("note", self.note)
            .row("components", components)
            .row("host", self.class)
            .row("made", format!("{} by {}", when::at(request.made, now), self.tool))
            .each(
                "unknown",
                request.unknown.iter().map(|(name, value)| format!("{name} = {value} (ignored)")),
            )
    }
}

view! {
    /// A receipt, or one that would be made: with its id once it is signed, and the file it was written to.
    Receipt<'a>(receipt: &'a model::Receipt, id: Option<&'a str>, file: Option<&'a str>) {
        id: Option<&'a str> = id,
        file: Option<&'a str> = file,
        license: String = text(receipt.license),
        product: &'a str = &receipt.product,
        system_id: String = text(receipt.system_id),
        made: String = text(receipt.made),
        note: Option<&'a str> = receipt.note.as_deref(),
        done: bool = id.is_some(),
    }
}
