//! A provider's time: what can be booked, and what a booking holds.

use commands::booking::{Import, limits};
use commands::testing::{context, given, state_of};
use commands::{Aggregate, Booking, BookingCommand, BookingRejection, ClaimMove};
use events::booking::{Forgotten, Imported, PaymentMethod, PaymentRecorded, Reviewed, Slot, Status};
use events::{BookingEvent, ClaimKey};
use proptest::prelude::*;

use super::sample::amount;
use super::trade::{
    COMPLETED, CONFIRMED, NO_SHOW, at, cancelled, paid, request, requested, reschedule, rescheduled, slot, subject, unfit,
};

#[test]
fn a_time_lies_on_full_cells_and_is_not_over() {
    let refused = |slot: Slot, field: &'static str, sentence: &str| {
        given::<Booking>([]).when(request(slot)).then_rejected(unfit(&[(field, sentence)]));
        given::<Booking>([requested(super::trade::slot(60, 60))])
            .when(reschedule(slot))
            .then_rejected(unfit(&[(field, sentence)]));
    };
    refused(slot(61, 60), "starts_at", "Start and end must be at a full 5 minutes");
    refused(slot(60, 7), "starts_at", "Start and end must be at a full 5 minutes");
    refused(slot(-60, 60), "starts_at", "This time is over");
    refused(slot(60, 0), "ends_at", "Must be after the start");
    refused(slot(60, 24 * 60 + 5), "ends_at", "Must be at most 24 hours after the start");
    refused(slot(733 * 24 * 60, 60), "starts_at", "Must be at most 732 days ahead");
    // Whoever walks in is served at once.
    let _ = given::<Booking>([]).when(request(slot(-5, 10))).then([requested(slot(-5, 10))]);
    let _ = given::<Booking>([]).when(request(slot(0, 24 * 60))).then([requested(slot(0, 24 * 60))]);
}

#[test]
fn a_booking_has_a_short_title() {
    for (title, sentence) in
        [(String::new(), "Title is required"), ("x".repeat(201), "Ensure this field has no more than 200 characters")]
    {
        let BookingCommand::Request(mut command) = request(slot(60, 60)) else { unreachable!() };
        command.subject.title = title;
        given::<Booking>([]).when(BookingCommand::Request(command)).then_rejected(unfit(&[("title", sentence)]));
    }
}

/// Which cells change hands: taken, and given back, as minutes after noon.
fn hands(history: &[BookingEvent], event: BookingEvent) -> (Vec<i64>, Vec<i64>) {
    let stream = context::<Booking>().stream;
    let changes = Booking::claims(&stream, &state_of::<Booking>(history), &[event]);
    let noon = slot(0, 5).cells().start;
    let known = |minutes: i64| ClaimKey::provider_time(&stream.tenant, &subject().provider, noon + minutes / 5);
    let minutes_of =
        |change: &commands::ClaimChange| (-600..6_000).step_by(5).find(|minutes| known(*minutes) == change.key).unwrap();
    let of = |wanted| changes.iter().filter(|change| change.change == wanted).map(minutes_of).collect();
    (of(ClaimMove::Acquire), of(ClaimMove::Release))
}

#[test]
fn a_booking_holds_its_time_until_it_needs_it_no_more() {
    let begun = requested(slot(10, 15));
    assert_eq!(hands(&[], begun.clone()), (vec![10, 15, 20], vec![]));
    assert_eq!(
        hands(std::slice::from_ref(&begun), rescheduled(slot(15, 15))),
        (vec![25], vec![10]),
        "what stays does not change hands"
    );
    let moved = [begun.clone(), rescheduled(slot(15, 15))];
    for end in [cancelled(), NO_SHOW] {
        assert_eq!(hands(&moved, end), (vec![], vec![15, 20, 25]));
    }
    let forgotten = BookingEvent::Forgotten(Forgotten { provider: subject().provider, customer: subject().customer });
    assert_eq!(hands(std::slice::from_ref(&begun), forgotten.clone()), (vec![], vec![10, 15, 20]));
    for quiet in [CONFIRMED, COMPLETED, paid("1")] {
        assert_eq!(hands(std::slice::from_ref(&begun), quiet), (vec![], vec![]));
    }
    assert_eq!(hands(&[begun, cancelled()], forgotten), (vec![], vec![]), "it was free already");
}

#[test]
fn as_many_cells_as_a_day_has_fit_one_append() {
    let day = request(slot(0, 24 * 60));
    assert_eq!(Booking::traits(&day).claims, limits::CELLS);
    assert_eq!(hands(&[], requested(slot(0, 24 * 60))).0.len(), limits::CELLS);
    let moved = Booking::traits(&reschedule(slot(5, 24 * 60)));
    assert_eq!(moved.most_entries(), 2 * limits::CELLS + 1, "all of two days, and the commit");
    let absurd = Booking::traits(&request(Slot { starts_at: chrono::DateTime::UNIX_EPOCH, ends_at: at(0) }));
    assert_eq!(absurd.claims, limits::CELLS, "it is refused before it takes any");
}

fn import(status: Status, slot: Slot) -> Import {
    let payment =
        PaymentRecorded { amount: amount("100"), method: PaymentMethod::Card, reference: String::new(), paid_at: at(-60) };
    let review = Reviewed { rating: 4, text: "fine".into(), reviewed_at: at(-50) };
    let is_completed = status == Status::Completed;
    Import {
        reference: "B-1".into(),
        subject: subject(),
        slot,
        status,
        booked_at: at(-600),
        payment: Some(payment),
        review: is_completed.then_some(review),
    }
}

fn imported(import: &Import) -> Vec<BookingEvent> {
    let Import { reference, subject, slot, status, booked_at, payment, review } = import.clone();
    let imported = BookingEvent::Imported(Box::new(Imported { reference, subject, slot, status, booked_at }));
    let rest = [payment.map(BookingEvent::PaymentRecorded), review.map(BookingEvent::Reviewed)];
    [imported].into_iter().chain(rest.into_iter().flatten()).collect()
}

#[test]
fn a_past_is_taken_over_and_holds_no_time() {
    let past = import(Status::Completed, slot(-123, 57));
    let state = given::<Booking>([]).when(BookingCommand::Import(Box::new(past.clone()))).then(imported(&past));
    assert_eq!(
        (state.status, state.booked_at, state.holds, state.paid),
        (Status::Completed, Some(at(-600)), None, amount("100"))
    );
    assert_eq!(hands(&[], imported(&past).remove(0)), (vec![], vec![]));
    given::<Booking>(imported(&past)).when(BookingCommand::Import(Box::new(past))).then_nothing();
    let ahead = import(Status::Confirmed, slot(30, 10));
    let state = given::<Booking>([]).when(BookingCommand::Import(Box::new(ahead.clone()))).then(imported(&ahead));
    assert_eq!(state.holds, Some(slot(30, 10)));
    assert_eq!(hands(&[], imported(&ahead).remove(0)).0, [30, 35]);
}

#[test]
fn what_is_taken_over_could_have_been() {
    let refused = |import: Import, rejection| {
        given::<Booking>([]).when(BookingCommand::Import(Box::new(import))).then_rejected(rejection);
    };
    let past = || import(Status::Completed, slot(-60, 60));
    refused(import(Status::Requested, slot(-60, 60)), unfit(&[("starts_at", "This time is over")]));
    refused(Import { booked_at: at(10), ..past() }, unfit(&[("booked_at", "Must not be in the future")]));
    let dear = PaymentRecorded { amount: amount("101"), ..past().payment.unwrap() };
    refused(Import { payment: Some(dear), ..past() }, BookingRejection::Overpaid { left: amount("100") });
    let review = past().review;
    refused(Import { review, ..import(Status::NoShow, slot(-60, 60)) }, BookingRejection::NotCompleted);
    let other = Import { reference: "B-2".into(), ..past() };
    given::<Booking>(imported(&past()))
        .when(BookingCommand::Import(Box::new(other)))
        .then_rejected(BookingRejection::AlreadyExists);
}

proptest! {
    /// Two times of a provider are in each other's way exactly when they share a moment.
    #[test]
    fn times_collide_exactly_when_they_overlap(a in 0_i64..60, b in 0_i64..60, long in 1_u32..30, longer in 1_u32..30) {
        let (one, other) = (slot(5 * a, 5 * long), slot(5 * b, 5 * longer));
        let (ours, theirs) = (one.cells(), other.cells());
        let shares_a_cell = ours.clone().any(|cell| theirs.contains(&cell));
        prop_assert_eq!(shares_a_cell, one.starts_at < other.ends_at && other.starts_at < one.ends_at);
    }
}
