//! The price lists of the sample catalogs: rows worked out by hand, each run against the program.

use super::example_desk::ExampleDesk;
use crate::common::place::repository;

/// A System ID and a Locking ID of no host in particular.
const SYSTEM_ID: &str = "39FZP-SRD2V-56TY8-ESR0A-1SYRZ";
const LOCKING_ID: &str = "GQE09-EMZWG-2C9Y2-1NFYN-M2WMG";

/// Product and options of the unit of a row.
fn unit(catalog: &str, unit: &str) -> (&'static str, Vec<&'static str>) {
    match (catalog, unit) {
        ("catalog-innovaphone.toml", "IP24") => ("pbx", vec!["--mac", "00-90-33-00-00-01"]),
        ("catalog-innovaphone.toml", "IP305") => ("pbx", vec!["--mac", "00-90-33-10-00-01"]),
        ("catalog-innovaphone.toml", "IP800") => ("pbx", vec!["--mac", "00-90-33-20-00-01"]),
        ("catalog-innovaphone.toml", "IP6000") => ("pbx", vec!["--mac", "00-90-33-2f-00-01"]),
        ("catalog-openscape.toml", _) => ("openscape-business", vec!["--locking-id", LOCKING_ID]),
        ("catalog-polycom.toml", "SPIP450") => ("phone", phone("SPIP450")),
        ("catalog-polycom.toml", "SPIP650") => ("phone", phone("SPIP650")),
        ("catalog-polycom.toml", "VVX1500") => ("phone", phone("VVX1500")),
        ("catalog-audium.toml", _) => ("call-services", vec!["--system-id", SYSTEM_ID, "--weak-lock"]),
        other => panic!("no such unit: {other:?}"),
    }
}

fn phone(model: &'static str) -> Vec<&'static str> {
    vec!["--mac", "00:04:f2:00:00:01", "--model", model]
}

/// What a row of the list gives on a desk of its own, as its last two columns say it.
fn run(catalog: &str, cells: &[&str]) -> (String, String) {
    let [of, order, has, wanted, ..] = cells else { panic!("{cells:?}") };
    let text = std::fs::read_to_string(repository().join("samples").join(catalog)).unwrap();
    let (product, unit) = unit(catalog, of);
    let mut desk = ExampleDesk::new(&text, product, &unit);
    desk.line(&format!("order A {order}"));
    if !has.is_empty() {
        let done = desk.line(&format!("issue A {has}")).unwrap();
        assert!(desk.result(&done, "license of it").starts_with("license "), "{cells:?}");
    }
    let done = desk.line(&format!("issue A {wanted}")).unwrap();
    let refused = desk.result(&done, "refused it");
    if refused != "refused nothing" {
        return (String::new(), refused.replace("refused ", ""));
    }
    let [charged, license] = ["charged it", "license it"].map(|kind| desk.result(&done, kind));
    (charged.replace("charged ", "").replace(" from A", ""), license.replace("license ", ""))
}

#[test]
fn every_wish_is_charged_as_worked_out() {
    let list = std::fs::read_to_string(repository().join("tests/program/price_list.md")).unwrap();
    let mut wrong = Vec::new();
    for part in list.split("\n## ").skip(1) {
        let (catalog, table) = part.split_once('\n').unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).skip(2).collect();
        assert_eq!(rows.len(), 20, "{catalog}");
        for row in rows {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let (charged, result) = run(catalog, &cells);
            if (charged.as_str(), result.as_str()) != (cells[4], cells[5]) {
                wrong.push(format!("{row}\n  found: {charged} | {result}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
