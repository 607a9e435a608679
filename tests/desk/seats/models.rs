//! The model of a unit: what is said now must agree with the ledger, unless the ledger was wrong.

use airlatch_core::host::RequestInput;
use airlatch_core::model::{Cause, Reason};
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::ModelInput;

use crate::scene::{mac, pbx_request, request, request_of};
use crate::seats_desk::{Desk, requested, some};

#[test]
fn a_unit_does_not_change_its_model_silently() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let (these, more) = (some("sessions 20"), some("sessions 30"));
    let first = request_of(1, None, 1, desk.now);
    let host = first.get().system_id;
    desk.issue(&requested(Applicant::Request(&first), &[1], &these)).unwrap();
    for these in [&these, &more] {
        let mut other = requested(Applicant::SystemId(host), &[1], these);
        other.model.named = Some("IP800");
        let error = desk.issue(&other).unwrap_err();
        assert_eq!((error.reason(), error.cause()), (Reason::UnknownModel, Some(Cause::ModelInLedger)));
        assert_eq!(error.message(), "in the ledger this unit is a `IP24`, not a `IP800`");
    }
    let mut none = requested(Applicant::SystemId(host), &[1], &more);
    none.model = ModelInput::default();
    assert_eq!(desk.issue(&none).unwrap().license.model.as_deref(), Some("IP24"), "the ledger knows it");
    none.model = ModelInput { named: Some("IP800"), corrects: true, ..ModelInput::default() };
    let done = desk.issue(&none).unwrap();
    assert!(done.new && done.license.model.as_deref() == Some("IP800"), "{:?}", done.license);
    assert_eq!(done.notes, ["the model is IP800 now; the license before was for IP24"]);
    assert!(!desk.issue(&none).unwrap().new, "corrected once");
}

#[test]
fn a_request_must_name_the_model_of_the_ledger_too() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let these = some("sessions 20");
    let first = request_of(1, None, 1, desk.now);
    desk.issue(&requested(Applicant::Request(&first), &[1], &these)).unwrap();
    let second = RequestInput { model: Some("IP800".into()), ..pbx_request() };
    let second = request(1, 0, second, 2, desk.now);
    let mut again = requested(Applicant::Request(&second), &[1], &these);
    again.model = ModelInput::default();
    assert_eq!(desk.issue(&again).unwrap_err().cause(), Some(Cause::ModelInLedger));
    again.model.corrects = true;
    assert_eq!(desk.issue(&again).unwrap().license.model.as_deref(), Some("IP800"));
}

/// For a list: a model for all devices counts only where nothing else tells it.
#[test]
fn the_model_for_the_rest_gives_way_to_ledger_and_mac() {
    let mut desk = Desk::with(&[&[("sessions", 50)]]);
    let (these, more) = (some("sessions 20"), some("sessions 30"));
    let rest = |corrects| ModelInput { named: None, otherwise: Some("IP800"), corrects };
    let first = request_of(1, None, 1, desk.now);
    let host = first.get().system_id;
    desk.issue(&requested(Applicant::Request(&first), &[1], &these)).unwrap();
    let mut again = requested(Applicant::SystemId(host), &[1], &more);
    again.model = rest(false);
    let done = desk.issue(&again).unwrap();
    assert_eq!(done.license.model.as_deref(), Some("IP24"));
    assert_eq!(done.notes, ["by the ledger the model is IP24, not IP800"]);
    again.model = rest(true);
    assert_eq!(desk.issue(&again).unwrap().license.model.as_deref(), Some("IP800"));
    let mut device = requested(Applicant::Mac(mac(1)), &[1], &these);
    device.model = rest(false);
    let done = desk.issue(&device).unwrap();
    assert_eq!(done.license.model.as_deref(), Some("IP24"));
    assert_eq!(done.notes, ["by its MAC the model is IP24, not IP800"]);
}
