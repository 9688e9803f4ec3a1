//! The demo's provider: services, a past of bookings with payments and reviews, some that are still to come, and what the provider
//! thinks of a few customers. Each step has no effect when it was done before.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use commands::booking::Import;
use commands::relation::{Block, Note};
use commands::service::Create;
use commands::{
    Booking, BookingCommand, BookingRejection, CommandError, Executor, Relation, RelationCommand, Service, ServiceCommand,
};
use events::amount::AmountError;
use events::booking::{PaymentMethod, PaymentRecorded, Reviewed, Slot, Status, Subject};
use events::relation::Started;
use events::service::Offer;
use events::{Amount, BookingId, IdError, RelationId, Role, ServiceId, StreamRef, UserId};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::DemoError;
use super::seed::{AT_ONCE, account, customer_id, meta, tenant_id};

/// How many bookings there are.
const BOOKINGS: u64 = 180;
/// The first of them are so many days ago; two are on every day.
const PAST_DAYS: u64 = 80;
/// How many customers book.
const CUSTOMERS: u64 = 45;

/// The services: title, price in rupiah, minutes.
const SERVICES: [(&str, i64, u32); 3] =
    [("Cooking class", 350_000, 120), ("Private dinner", 900_000, 180), ("Menu consultation", 150_000, 60)];

/// What customers say, by stars.
const WORDS: [&str; 5] = ["We waited an hour.", "Not what we booked.", "It was all right.", "A lovely evening.", "Outstanding!"];

/// Makes everything.
pub async fn make(executor: &Executor, now: DateTime<Utc>) -> Result<(), DemoError> {
    for (number, (title, price, duration_minutes)) in SERVICES.into_iter().enumerate() {
        let offer = Offer { title: title.to_owned(), price: rupiah(price)?, duration_minutes, description: String::new() };
        let create = ServiceCommand::Create(Create { provider: provider()?, offer });
        executor.execute::<Service>(&StreamRef::service(&tenant_id()?, &service_id(number)?), create, &meta(), None).await?;
    }
    let bookings = stream::iter((0..BOOKINGS).map(|number| make_booking(executor, number, now)));
    bookings.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    let opinions = [
        (0, RelationCommand::Favourite(between(0)?)),
        (1, RelationCommand::Favourite(between(1)?)),
        (1, RelationCommand::Note(Note { of: between(1)?, notes: "Brings her own knives.".to_owned() })),
        (4, RelationCommand::Block(Block { of: between(4)?, reason: "Three times no show".to_owned() })),
    ];
    for (customer, opinion) in opinions {
        let id = RelationId::of(&provider()?, &customer_id(customer)?);
        executor.execute::<Relation>(&StreamRef::relation(&tenant_id()?, &id), opinion, &meta(), None).await?;
    }
    Ok(())
}

async fn make_booking(executor: &Executor, number: u64, now: DateTime<Utc>) -> Result<(), DemoError> {
    let Some(import) = booking(number, now)? else { return Ok(()) };
    let stream = StreamRef::booking(&tenant_id()?, &BookingId::imported(&provider()?, &import.reference));
    match executor.execute::<Booking>(&stream, BookingCommand::Import(Box::new(import)), &meta(), None).await {
        // An earlier seeding of another day booked the time for something else.
        Ok(_) | Err(CommandError::Rejected(BookingRejection::TimeTaken)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Two on every day, one in the morning and one in the evening; some customers book often and most book once. `None`: beyond all
/// time.
fn booking(number: u64, now: DateTime<Utc>) -> Result<Option<Import>, DemoError> {
    let service = usize::try_from(number).unwrap_or_default() % SERVICES.len();
    let (title, price, minutes) = SERVICES[service];
    let day = now.date_naive() + Duration::days(days(number / 2) - days(PAST_DAYS));
    let hour = Duration::hours(if number.is_multiple_of(2) { 9 } else { 17 });
    let Some(slot) = Slot::lasting(day.and_time(NaiveTime::MIN).and_utc() + hour, minutes) else { return Ok(None) };
    let amount = rupiah(price)?;
    let status = match number % 12 {
        _ if slot.starts_at > now && number.is_multiple_of(3) => Status::Requested,
        _ if slot.ends_at > now => Status::Confirmed,
        5 => Status::Cancelled,
        11 => Status::NoShow,
        _ => Status::Completed,
    };
    let is_completed = status == Status::Completed;
    let stars = 5 - usize::try_from(number * 7 % 10 / 3).unwrap_or_default();
    let payment = || PaymentRecorded { amount, method: PaymentMethod::Card, reference: String::new(), paid_at: slot.ends_at };
    let review = || Reviewed {
        rating: u8::try_from(stars).unwrap_or(5),
        text: WORDS[stars - 1].to_owned(),
        reviewed_at: (slot.ends_at + Duration::hours(3)).min(now),
    };
    Ok(Some(Import {
        reference: format!("KB-{number:03}"),
        subject: Subject {
            provider: provider()?,
            customer: customer_id(number * number % CUSTOMERS)?,
            service: service_id(service)?,
            title: title.to_owned(),
            amount,
        },
        slot,
        status,
        booked_at: (slot.starts_at - Duration::days(6)).min(now),
        payment: is_completed.then(payment),
        review: (is_completed && !number.is_multiple_of(4)).then(review),
    }))
}

fn days(number: u64) -> i64 {
    i64::try_from(number).unwrap_or_default()
}

fn rupiah(amount: i64) -> Result<Amount, AmountError> {
    Amount::from_minor(amount * 100)
}

fn between(customer: u64) -> Result<Started, IdError> {
    Ok(Started { provider: provider()?, customer: customer_id(customer)? })
}

fn provider() -> Result<UserId, IdError> {
    Ok(account(Role::Provider)?.1)
}

fn service_id(number: usize) -> Result<ServiceId, IdError> {
    format!("demo-service-{}", number + 1).parse()
}
