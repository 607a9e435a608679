//! Translates a query to SQL in which one condition uses an index and the others only filter.

use rusqlite::types::Value;

use super::entry_rows::COLUMNS;
use crate::ledger::{Holder, Query};

/// The act of most entries.
const FREQUENT_ACT: &str = "activated";

/// The acts that only add to a pool. They are few, while acts that take from a pool are very many.
const ONLY_INCOMING: [&str; 3] = ["ordered", "overdrawn", "released"];

/// The SQL statement and its values.
///
/// Without statistics SQLite can't know that few entries have the same unit, but most the same product. So only the most
/// selective condition can use an index; a `+` before the other columns prevents SQLite from using theirs.
pub(super) fn select(query: &Query) -> (String, Vec<Value>) {
    let mut conditions = Conditions::default();
    conditions.equals("request", query.request.map(|id| id.to_string()));
    conditions.equals("unit", query.unit.map(|unit| unit.key()));
    conditions.equals("order_number", query.order.clone());
    conditions.equals("code", query.code.map(|code| code.to_string()));
    conditions.equals("parent", query.parent.map(|code| code.to_string()));
    conditions.equals("account", query.account.as_ref().map(ToString::to_string));
    conditions.pool(query);
    conditions.equals("end_user", query.end_user.clone());
    conditions.equals("hardware", query.hardware.map(|id| id.to_string()));
    if query.any_hardware {
        // By name: SQLite can't know that most entries have no hardware.
        let term = match conditions.index_prefix() {
            "" => "number IN (SELECT number FROM entry INDEXED BY entry_hardware WHERE hardware IS NOT NULL)"
                .into(),
            prefix => format!("{prefix}hardware IS NOT NULL"),
        };
        conditions.terms.push(term);
    }
    conditions.acts(query);
    conditions.times(query);
    if let Some(product) = &query.product {
        let value = conditions.value(product.clone());
        conditions.terms.push(format!("+product = {value}"));
    }
    if query.after > 0 {
        let value = conditions.value(i64::try_from(query.after).unwrap_or(i64::MAX));
        conditions.terms.push(format!("number > {value}"));
    }
    let where_clause = if conditions.terms.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.terms.join(" AND "))
    };
    let order = if query.backwards { " DESC" } else { "" };
    let limit = match query.limit {
        0 => String::new(),
        limit => format!(" LIMIT {}", conditions.value(i64::try_from(limit).unwrap_or(i64::MAX))),
    };
    (format!("SELECT {COLUMNS} FROM entry{where_clause} ORDER BY number{order}{limit}"), conditions.values)
}

#[derive(Default)]
struct Conditions {
    terms: Vec<String>,
    values: Vec<Value>,
    /// Whether a condition that uses an index was added.
    index_chosen: bool,
}

impl Conditions {
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// Nothing for the first condition, which may use an index, `+` for the others.
    fn index_prefix(&mut self) -> &'static str {
        if std::mem::replace(&mut self.index_chosen, true) { "+" } else { "" }
    }

    fn equals(&mut self, column: &str, wanted: Option<String>) {
        if let Some(wanted) = wanted {
            let (prefix, value) = (self.index_prefix(), self.value(wanted));
            self.terms.push(format!("{prefix}{column} = {value}"));
        }
    }

    fn pool(&mut self, query: &Query) {
        let Some(code) = query.pool else { return };
        let pool = self.value(Holder::Pool(code).to_string());
        let first = self.index_prefix().is_empty();
        self.terms.push(if first {
            // Repeats the WHERE clauses of the two partial indexes literally, or SQLite wouldn't use them.
            let taker = format!(
                "SELECT entry FROM transfer WHERE taker = {pool} AND taker >= 'pool/' AND taker < 'pool0'"
            );
            let only_incoming =
                !query.acts.is_empty() && query.acts.iter().all(|word| ONLY_INCOMING.contains(word));
            let giver =
                format!("SELECT entry FROM transfer WHERE giver = {pool} AND giver <> 'source' UNION ");
            format!("number IN ({}{taker})", if only_incoming { "" } else { &giver })
        } else {
            format!("EXISTS (SELECT 1 FROM transfer WHERE entry = number AND {pool} IN (giver, taker))")
        });
    }

    fn acts(&mut self, query: &Query) {
        if query.acts.is_empty() {
            return;
        }
        let values: Vec<String> = query.acts.iter().map(|word| self.value(word.to_string())).collect();
        let values = values.join(", ");
        let rare = !self.index_chosen && !query.acts.contains(&FREQUENT_ACT);
        self.terms.push(if rare {
            self.index_chosen = true;
            format!("act IN ({values}) AND act <> '{FREQUENT_ACT}'")
        } else {
            format!("+act IN ({values})")
        });
    }

    /// Times never decrease with the number, so a limit on time is also a limit on the number, and the order by number remains.
    fn times(&mut self, query: &Query) {
        for (wanted, less, side) in [(query.from, ">=", "LIMIT 1"), (query.until, "<", "DESC LIMIT 1")] {
            let Some(time) = wanted else { continue };
            let value = self.value(time.seconds());
            self.terms.push(format!("+time {less} {value}"));
            if !self.index_chosen {
                let side = side.replace("DESC", "DESC, number DESC");
                let (equal, none) = if less == "<" { ("<=", "0") } else { (">=", "9223372036854775807") };
                let number =
                    format!("SELECT number FROM entry WHERE time {less} {value} ORDER BY time {side}");
                self.terms.push(format!("number {equal} coalesce(({number}), {none})"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params_from_iter};

    use super::*;
    use crate::store::schema::STEPS;
    use airlatch_core::model::{DocumentId, LockingId, Mac, OrderCode, Time, Unit};

    fn plan(query: &Query) -> String {
        let connection = Connection::open_in_memory().unwrap();
        STEPS.iter().for_each(|step| connection.execute_batch(step).unwrap());
        let (sql, values) = select(query);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
        rows.map(|row| row.unwrap()).collect::<Vec<_>>().join("; ")
    }

    fn queries() -> Vec<(&'static str, Query)> {
        let code = Some(OrderCode::from_digest(&[1; 32]));
        let unit = Some(Unit::Device(Mac([0, 4, 0xf1, 0, 0, 1])));
        let time = Some(Time::from_seconds(1_800_000_000));
        let all = Query::default();
        vec![
            ("entry_unit", Query { unit, ..all.clone() }),
            ("entry_request", Query { request: Some(DocumentId::from_digest(&[1; 32])), ..all.clone() }),
            ("entry_code", Query { code, ..all.clone() }),
            ("entry_parent", Query { parent: code, ..all.clone() }),
            ("entry_order", Query { order: Some("SO-1".into()), ..all.clone() }),
            ("entry_account", Query { account: "acme".parse().ok(), ..all.clone() }),
            ("entry_end_user", Query { end_user: Some("Town".into()), ..all.clone() }),
            ("entry_hardware", Query { hardware: Some(LockingId::from_groups([1; 5])), ..all.clone() }),
            ("transfer_giver", Query { pool: code, ..all.clone() }),
            ("transfer_taker", Query { pool: code, ..all.clone() }),
            ("entry_time", Query { from: time, ..all.clone() }),
            ("entry_time", Query { until: time, ..all.clone() }),
            ("entry_act", Query { acts: vec!["account", "added"], ..all }),
        ]
    }

    /// Alone, and with everything that could tempt to another index.
    #[test]
    fn every_question_has_its_index() {
        for (index, query) in queries() {
            let more = Query {
                acts: if index == "entry_act" { query.acts.clone() } else { vec!["ordered", "activated"] },
                product: Some("call".into()),
                after: 5,
                limit: 10,
                ..query.clone()
            };
            for query in [query.clone(), Query { backwards: true, ..query.clone() }, more] {
                let plan = plan(&query);
                assert!(plan.contains(&format!("INDEX {index} ")), "{index}: {plan}");
                assert!(!plan.contains("SCAN entry") && !plan.contains("SCAN transfer"), "{index}: {plan}");
                // Entries with one label come in the order of the index; only lists of acts or numbers need sorting.
                let sorted = ["entry_act", "transfer_giver", "transfer_taker"].contains(&index);
                assert!(sorted || !plan.contains("ORDER BY"), "{index}: {plan}");
            }
        }
    }

    /// Whether something was ever released to a code is queried for each license, and must not read all its activations.
    #[test]
    fn entries_that_only_add_to_a_pool_use_one_index() {
        let pool = Some(OrderCode::from_digest(&[1; 32]));
        let got = plan(&Query { pool, acts: vec!["released"], limit: 1, ..Query::default() });
        assert!(got.contains("INDEX transfer_taker ") && !got.contains("transfer_giver"), "{got}");
        assert!(!got.contains("SCAN entry") && !got.contains("SCAN transfer"), "{got}");
        let both = plan(&Query { pool, acts: vec!["passed"], ..Query::default() });
        assert!(both.contains("INDEX transfer_giver "), "{both}");
    }

    /// Queried for each new host, and must not read the entries of all devices.
    #[test]
    fn licenses_for_any_hardware_use_its_index() {
        let query = Query { any_hardware: true, product: Some("call".into()), ..Query::default() };
        let query = Query { acts: vec!["activated", "evaluated"], ..query };
        let plan = plan(&query);
        assert!(plan.contains("INDEX entry_hardware"), "{plan}");
        assert!(!plan.split("; ").any(|step| step == "SCAN entry"), "{plan}");
    }

    #[test]
    fn a_unit_is_found_by_its_index_and_nothing_else() {
        let mut every = Query { unit: Some(Unit::Device(Mac([0; 6]))), ..Query::default() };
        every.code = Some(OrderCode::from_digest(&[1; 32]));
        every.pool = every.code;
        every.from = Some(Time::from_seconds(1));
        every.end_user = Some("Town".into());
        every.acts = vec!["account"];
        let plan = plan(&every);
        assert!(plan.starts_with("SEARCH entry USING INDEX entry_unit (unit=?)"), "{plan}");
    }
}
