//! How a booking comes about, and what comes of it.

use commands::booking::{Request, Review, Standing};
use commands::testing::{given, noon, state_of};
use commands::{Booking, BookingCommand, BookingRejection};
use events::BookingEvent;
use events::booking::{Forgotten, Reviewed, Status};

use super::sample::amount;
use super::trade::{
    COMPLETED, CONFIRMED, NO_SHOW, cancel, cancelled, paid, pay, request, requested, reschedule, slot, subject, unfit,
};

fn over(status: Status) -> BookingRejection {
    BookingRejection::Over { status }
}

fn review(rating: u8, text: &str) -> BookingCommand {
    BookingCommand::Review(Review { rating, text: text.into() })
}

fn reviewed(rating: u8, text: &str) -> BookingEvent {
    BookingEvent::Reviewed(Reviewed { rating, text: text.into(), reviewed_at: noon() })
}

fn forgotten() -> BookingEvent {
    BookingEvent::Forgotten(Forgotten { provider: subject().provider, customer: subject().customer })
}

#[test]
fn a_booking_is_requested_once() {
    let state = given::<Booking>([]).when(request(slot(60, 60))).then([requested(slot(60, 60))]);
    assert_eq!((state.status, state.booked_at, state.holds), (Status::Requested, Some(noon()), Some(slot(60, 60))));
    given::<Booking>([requested(slot(60, 60))]).when(request(slot(60, 60))).then_nothing();
    let other = given::<Booking>([requested(slot(60, 60))]).when(request(slot(60, 90)));
    other.then_rejected(BookingRejection::AlreadyExists);
}

#[test]
fn a_blocked_customer_books_nothing() {
    let blocked = |slot| BookingCommand::Request(Request { subject: subject(), slot, is_blocked: true });
    given::<Booking>([]).when(blocked(slot(60, 60))).then_rejected(BookingRejection::CustomerBlocked);
    given::<Booking>([requested(slot(60, 60))]).when(blocked(slot(60, 60))).then_nothing();
}

#[test]
fn a_booking_goes_the_legal_way_only() {
    // Its time has come: half an hour ago, for an hour.
    let begun = [requested(slot(-30, 60))];
    let confirmed = [begun.to_vec(), vec![CONFIRMED]].concat();
    let _ = given::<Booking>(begun.clone()).when(BookingCommand::Confirm).then([CONFIRMED]);
    let _ = given::<Booking>(confirmed.clone()).when(BookingCommand::Complete).then([COMPLETED]);
    let _ = given::<Booking>(confirmed.clone()).when(BookingCommand::NoShow).then([NO_SHOW]);
    let _ = given::<Booking>(begun.clone()).when(cancel()).then([cancelled()]);
    let _ = given::<Booking>(confirmed.clone()).when(cancel()).then([cancelled()]);
    for command in [BookingCommand::Complete, BookingCommand::NoShow] {
        given::<Booking>(begun.clone()).when(command).then_rejected(BookingRejection::NotConfirmed);
    }
    let ends = [(COMPLETED, Status::Completed), (NO_SHOW, Status::NoShow), (cancelled(), Status::Cancelled)];
    for (end, status) in ends {
        let history = [confirmed.clone(), vec![end]].concat();
        let steps = [
            (BookingCommand::Confirm, Status::Confirmed),
            (BookingCommand::Complete, Status::Completed),
            (BookingCommand::NoShow, Status::NoShow),
            (cancel(), Status::Cancelled),
            (reschedule(slot(120, 60)), Status::Requested),
        ];
        for (command, leads_to) in steps {
            let decided = given::<Booking>(history.clone()).when(command);
            if leads_to == status { decided.then_nothing() } else { decided.then_rejected(over(status)) }
        }
    }
    assert_eq!(over(Status::NoShow).to_string(), "Booking is already no-show");
}

#[test]
fn nothing_comes_of_a_booking_before_its_time() {
    let ahead = [requested(slot(5, 60)), CONFIRMED];
    for command in [BookingCommand::Complete, BookingCommand::NoShow] {
        given::<Booking>(ahead.clone()).when(command).then_rejected(BookingRejection::NotStarted);
    }
    given::<Booking>(ahead.clone()).when(BookingCommand::Confirm).then_nothing();
}

#[test]
fn a_booking_is_paid_in_parts_up_to_its_amount() {
    let begun = requested(slot(60, 60));
    let state = given::<Booking>([begun.clone(), paid("40")]).when(pay("60")).then([paid("60")]);
    assert_eq!(state.paid, amount("100"));
    let overpaid = BookingRejection::Overpaid { left: amount("60") };
    assert_eq!(overpaid.to_string(), "Payments may not exceed the amount of the booking: 60.00 is left to pay");
    given::<Booking>([begun.clone(), paid("40")]).when(pay("60.01")).then_rejected(overpaid);
    let nothing = unfit(&[("amount", "Ensure this value is greater than 0")]);
    given::<Booking>([begun.clone()]).when(pay("0")).then_rejected(nothing);
    given::<Booking>([begun.clone(), cancelled()]).when(pay("1")).then_rejected(over(Status::Cancelled));
    let _ = given::<Booking>([begun, CONFIRMED, NO_SHOW]).when(pay("1")).then([paid("1")]);
}

#[test]
fn a_completed_booking_is_reviewed_once() {
    let done = [requested(slot(-60, 60)), CONFIRMED, COMPLETED];
    let _ = given::<Booking>(done.clone()).when(review(5, " good ")).then([reviewed(5, "good")]);
    let known = [done.to_vec(), vec![reviewed(5, "good")]].concat();
    given::<Booking>(known.clone()).when(review(5, "good")).then_nothing();
    given::<Booking>(known).when(review(1, "bad")).then_rejected(BookingRejection::AlreadyReviewed);
    given::<Booking>(done[..2].to_vec()).when(review(5, "")).then_rejected(BookingRejection::NotCompleted);
    for rating in [0, 6] {
        let sentence = unfit(&[("rating", "Ensure this value is from 1 to 5")]);
        given::<Booking>(done.clone()).when(review(rating, "")).then_rejected(sentence);
    }
}

#[test]
fn nothing_is_asked_of_a_booking_that_is_not_there() {
    let commands = || {
        let simple = [BookingCommand::Confirm, BookingCommand::Complete, BookingCommand::NoShow];
        simple.into_iter().chain([cancel(), reschedule(slot(5, 5)), pay("1"), review(5, "")])
    };
    for command in commands().chain([BookingCommand::Forget]) {
        given::<Booking>([]).when(command).then_rejected(BookingRejection::NotFound);
    }
    for command in commands().chain([request(slot(5, 5))]) {
        given::<Booking>([forgotten()]).when(command).then_rejected(BookingRejection::Forgotten);
    }
}

#[test]
fn a_forgotten_booking_is_nothing_but_forgotten() {
    let history = [requested(slot(-60, 60)), CONFIRMED, COMPLETED, paid("100"), reviewed(1, "bad")];
    let state = given::<Booking>(history).when(BookingCommand::Forget).then([forgotten()]);
    assert_eq!(state, state_of::<Booking>(&[forgotten()]), "as if it had never been otherwise");
    assert_eq!((state.standing, state.subject), (Standing::Forgotten, None));
    given::<Booking>([forgotten()]).when(BookingCommand::Forget).then_nothing();
}
