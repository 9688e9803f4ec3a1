//! A provider's time is booked once, and the log decides by whom.

use std::collections::BTreeSet;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use commands::booking::{Cancel, Request, Reschedule};
use commands::{Booking, BookingCommand, BookingRejection, CommandError, Executed, Executor, Precondition};
use events::booking::{CancelledBy, Slot, Subject};
use events::{Amount, BookingId, ClaimKey, CustomerId, ServiceId, StreamRef, UserId};
use futures_util::future::join_all;

use super::support::{World, key, meta};

/// Tomorrow at a full hour.
fn tomorrow() -> DateTime<Utc> {
    (Utc::now() + TimeDelta::days(1)).duration_trunc(TimeDelta::hours(1)).unwrap()
}

fn slot(after: i64, minutes: u32) -> Slot {
    Slot::lasting(tomorrow() + TimeDelta::minutes(after), minutes).unwrap()
}

/// A provider and what they book with.
struct Salon {
    world: World,
    provider: UserId,
}

impl Salon {
    async fn open() -> Self {
        Self { world: World::start().await, provider: UserId::generate() }
    }

    fn booking(&self) -> StreamRef {
        StreamRef::booking(&self.world.tenant, &BookingId::generate())
    }

    fn request(&self, slot: Slot) -> BookingCommand {
        let (customer, service) = (CustomerId::generate(), ServiceId::generate());
        let subject =
            Subject { provider: self.provider.clone(), customer, service, title: "Massage".into(), amount: Amount::ZERO };
        BookingCommand::Request(Request { subject, slot, is_blocked: false })
    }

    async fn book(&self, executor: &Executor, slot: Slot) -> Booked {
        run(executor, &self.booking(), self.request(slot)).await
    }
}

type Booked = Result<Executed<Booking>, CommandError<BookingRejection>>;

async fn run(executor: &Executor, stream: &StreamRef, command: BookingCommand) -> Booked {
    executor.execute::<Booking>(stream, command, &meta(), None).await
}

fn is_taken(result: &Booked) -> bool {
    matches!(result, Err(CommandError::Rejected(BookingRejection::TimeTaken)))
}

fn cancel() -> BookingCommand {
    BookingCommand::Cancel(Cancel { by: CancelledBy::Customer, reason: String::new() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_50_gets_the_time_over_two_executors_and_49_are_told_that_it_is_taken() {
    let salon = Salon::open().await;
    let executors = [salon.world.executor().await, salon.world.executor().await];
    let attempts = (0..50).map(|n| salon.book(&executors[n % 2], slot(0, 60)));
    let results = join_all(attempts).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(results.iter().filter(|result| is_taken(result)).count(), 49);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_of_different_length_that_overlap_are_never_both_booked() {
    let salon = Salon::open().await;
    let executors = [salon.world.executor().await, salon.world.executor().await];
    let wishes: Vec<_> = (0..48).map(|n| slot(5 * (n % 12), [5, 15, 30, 60][n as usize % 4])).collect();
    let attempts = wishes.iter().enumerate().map(|(n, wish)| salon.book(&executors[n % 2], *wish));
    let results = join_all(attempts).await;
    assert!(results.iter().all(|result| result.is_ok() || is_taken(result)), "{results:?}");
    let booked: Vec<_> = wishes.iter().zip(&results).filter(|(_, result)| result.is_ok()).map(|(wish, _)| wish.cells()).collect();
    let cells: Vec<_> = booked.iter().cloned().flatten().collect();
    assert_eq!(cells.len(), cells.iter().collect::<BTreeSet<_>>().len(), "{booked:?}");
    // Who was refused was refused for somebody's sake.
    for (wish, _) in wishes.iter().zip(&results).filter(|(_, result)| result.is_err()) {
        assert!(wish.cells().any(|cell| cells.contains(&cell)), "{wish:?} of {booked:?}");
    }
}

#[tokio::test]
async fn what_is_cancelled_can_be_booked_again_and_what_is_moved_frees_what_it_leaves() {
    let salon = Salon::open().await;
    let (one, other) = (salon.world.executor().await, salon.world.executor().await);
    let first = salon.book(&one, slot(0, 60)).await.expect("free").stream;
    assert!(is_taken(&salon.book(&other, slot(55, 10)).await));
    run(&one, &first, cancel()).await.expect("cancelled");
    let second = salon.book(&other, slot(55, 10)).await.expect("free again").stream;
    assert!(is_taken(&salon.book(&one, slot(0, 60)).await));
    let moved = |slot| BookingCommand::Reschedule(Reschedule { slot });
    run(&other, &second, moved(slot(60, 10))).await.expect("by less than its length");
    salon.book(&one, slot(0, 60)).await.expect("free up to there");
    assert!(is_taken(&run(&other, &second, moved(slot(50, 10))).await));
    let state = one.load::<Booking>(&second).await.unwrap().state;
    assert_eq!(state.slot, Some(slot(60, 10)), "who cannot move stays");
    let cell = ClaimKey::provider_time(&salon.world.tenant, &salon.provider, slot(65, 5).cells().start);
    assert_eq!(one.holder(&cell).await.unwrap().as_deref(), Some(second.id()));
    // Another provider's time is another time.
    let colleague = Salon { world: salon.world, provider: UserId::generate() };
    colleague.book(&one, slot(0, 60)).await.expect("free");
}

#[tokio::test]
async fn a_whole_day_is_one_append_and_a_repeat_is_answered_alike() {
    let salon = Salon::open().await;
    let (one, other) = (salon.world.executor().await, salon.world.executor().await);
    let (stream, command) = (salon.booking(), salon.request(slot(0, 24 * 60)));
    let repeat = key("a key", "a day");
    let booked = one.execute::<Booking>(&stream, command.clone(), &meta(), Some(&repeat)).await.expect("free");
    let again = other.execute::<Booking>(&stream, command, &meta(), Some(&repeat)).await.expect("answered");
    assert!(again.replayed);
    assert_eq!(again.state, booked.state);
    assert!(is_taken(&salon.book(&other, slot(23 * 60 + 55, 10)).await));
    let day = BookingCommand::Reschedule(Reschedule { slot: slot(24 * 60, 24 * 60) });
    run(&other, &stream, day).await.expect("576 cells change hands");
    salon.book(&one, slot(0, 24 * 60)).await.expect("all of it is free");
}

#[tokio::test]
async fn a_forgotten_booking_frees_its_time_and_leaves_no_trace() {
    let salon = Salon::open().await;
    let executor = salon.world.executor().await;
    let stream = salon.book(&executor, slot(0, 60)).await.expect("free").stream;
    let commands = [BookingCommand::Confirm, BookingCommand::Forget];
    executor.execute_all::<Booking>(&stream, &commands, &meta(), None, Precondition::default()).await.expect("forgotten");
    assert_eq!(executor.log().load(&stream, events::Position::START).await.unwrap().len(), 1, "only the tombstone is left");
    salon.book(&executor, slot(0, 60)).await.expect("free again");
}
