//! People who wrote over a channel, and of whom the restaurant knows neither address nor number.

use chrono::{DateTime, Utc};
use commands::Executor;
use commands::customer::{Arrive, Customer, CustomerCommand};
use events::{Contact, Source, StreamRef};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::DemoError;
use super::desk::{contact, source_of, talk};
use super::seed::{AT_ONCE, CUSTOMERS, customer_id, meta, tenant_id};

/// How many there are.
const STRANGERS: u64 = 24;

/// Makes them, each with a conversation. Their numbers go on behind the customers'.
pub async fn make(executor: &Executor, now: DateTime<Utc>) -> Result<(), DemoError> {
    let strangers = stream::iter((CUSTOMERS..CUSTOMERS + STRANGERS).map(|number| make_stranger(executor, number, now)));
    strangers.buffer_unordered(AT_ONCE).try_collect().await
}

/// Somebody who has arrived is not entered again.
async fn make_stranger(executor: &Executor, number: u64, now: DateTime<Utc>) -> Result<(), DemoError> {
    let contact = told(contact(number, source_of(number), now));
    let name = contact.full_name();
    let stream = StreamRef::customer(&tenant_id()?, &customer_id(number)?);
    executor.execute::<Customer>(&stream, CustomerCommand::Arrive(Arrive::new(contact)), &meta(), None).await?;
    talk(executor, number, name, now).await
}

/// What the channel would tell of somebody: not all of them know names.
fn told(known: Contact) -> Contact {
    let nothing = String::new;
    match known.source {
        Source::Messenger => Contact { username: nothing(), ..known },
        Source::Telegram => Contact { last_name: nothing(), ..known },
        Source::Instagram => Contact { first_name: nothing(), last_name: nothing(), ..known },
        Source::Unknown => Contact {
            source_id: format!("visitor-{}", known.source_id),
            username: nothing(),
            first_name: nothing(),
            last_name: nothing(),
            ..known
        },
    }
}
