//! Who writes: the customer that a contact in a channel is.

use std::sync::Arc;

use commands::customer::{Arrive, ComeBack};
use commands::{CommandError, Customer, CustomerCommand, CustomerRejection, CustomerState, Executor, Meta};
use event_log::LogError;
use events::{ClaimKey, Contact, CustomerId, Source, StreamRef, TenantId};

/// How often somebody else may be faster.
const ATTEMPTS: usize = 8;

/// What a channel tells of who writes. Text that is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Who they are in the channel.
    pub contact: Contact,
    /// Their email address.
    pub email: String,
    /// Their phone number.
    pub phone: String,
}

/// The customer that somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The customer.
    pub id: CustomerId,
    /// The name to call them by.
    pub name: String,
    /// Whether they were not known before.
    pub is_new: bool,
    /// Whether they were taken out of lists.
    pub is_deleted: bool,
}

/// The customer that a contact in a channel is, as the log has it now.
///
/// # Errors
/// When the log cannot be read.
pub async fn whose(executor: &Executor, tenant: &TenantId, contact: &Contact) -> Result<Option<CustomerId>, LogError> {
    let holder = executor.holder(&ClaimKey::contact(tenant, contact.source, &contact.source_id)).await?;
    Ok(holder.and_then(|owner| owner.parse().ok()))
}

/// Finds the customer that somebody is, or enters them. What the channel tells anew is noted; what it leaves out stays. `known` is
/// [`whose`] contact it was a moment ago.
///
/// # Errors
/// When what the channel tells breaks a rule, or the log does not take it.
pub async fn arrive(
    executor: &Executor,
    tenant: &TenantId,
    person: &Person,
    known: Option<CustomerId>,
    meta: impl Fn(&CustomerId) -> Meta,
) -> Result<Found, CommandError<CustomerRejection>> {
    let (mut email, mut first) = (person.email.clone(), Some(known));
    for _ in 0..ATTEMPTS {
        let holder = match first.take() {
            Some(known) => known,
            None => whose(executor, tenant, &person.contact).await?,
        };
        let Some(id) = holder else {
            let id = CustomerId::generate();
            let arrive = Arrive { contact: person.contact.clone(), email: email.clone(), phone: person.phone.clone() };
            let stream = StreamRef::customer(tenant, &id);
            match executor.execute::<Customer>(&stream, CustomerCommand::Arrive(arrive), &meta(&id), None).await {
                Ok(done) => return Ok(Found { id, name: done.state.profile.name.clone(), is_new: true, is_deleted: false }),
                // Another delivery was faster: it knows who they are.
                Err(CommandError::Rejected(CustomerRejection::ContactTaken)) => continue,
                // The address is another customer's. Whether the two are one person is for people to tell.
                Err(CommandError::Rejected(CustomerRejection::EmailTaken)) => {
                    email.clear();
                    continue;
                }
                Err(error) => return Err(error),
            }
        };
        match brought_up(executor, tenant, &id, person, &meta(&id)).await {
            Ok(state) => {
                let (name, is_deleted) = (state.profile.name.clone(), state.is_deleted());
                return Ok(Found { id, name, is_new: false, is_deleted });
            }
            // Forgotten since: the contact is free, or is about to be.
            Err(CommandError::Rejected(CustomerRejection::Forgotten)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(CommandError::Conflict { winner: None })
}

/// Puts a customer who was deleted and wrote again back in lists. An email address that is another customer's by now is left out:
/// whether the two are one person is for people to tell.
///
/// # Errors
/// When they were forgotten, or the log does not take it.
pub async fn come_back(
    executor: &Executor,
    tenant: &TenantId,
    id: &CustomerId,
    channel: Source,
    meta: &Meta,
) -> Result<(), CommandError<CustomerRejection>> {
    let stream = StreamRef::customer(tenant, id);
    let command = |without_email| CustomerCommand::ComeBack(ComeBack { channel, without_email });
    match executor.execute::<Customer>(&stream, command(false), meta, None).await {
        Err(CommandError::Rejected(CustomerRejection::EmailTaken)) => {
            executor.execute::<Customer>(&stream, command(true), meta, None).await.map(|_| ())
        }
        done => done.map(|_| ()),
    }
}

/// A customer who is known: brings what is known up to what the channel tells. Gives it.
async fn brought_up(
    executor: &Executor,
    tenant: &TenantId,
    id: &CustomerId,
    person: &Person,
    meta: &Meta,
) -> Result<Arc<CustomerState>, CommandError<CustomerRejection>> {
    let stream = StreamRef::customer(tenant, id);
    let state = executor.load::<Customer>(&stream).await?.state;
    let contact = merged(&state.contact, &person.contact);
    if contact == state.contact {
        return Ok(state);
    }
    let arrive = CustomerCommand::Arrive(Arrive::new(contact));
    Ok(executor.execute::<Customer>(&stream, arrive, meta, None).await?.state)
}

/// What is told, and what was known of the rest.
fn merged(known: &Contact, told: &Contact) -> Contact {
    let newer = |told: &str, known: &str| if told.is_empty() { known.to_owned() } else { told.to_owned() };
    Contact {
        source: told.source,
        source_id: told.source_id.clone(),
        username: newer(&told.username, &known.username),
        first_name: newer(&told.first_name, &known.first_name),
        last_name: newer(&told.last_name, &known.last_name),
        profile_picture: newer(&told.profile_picture, &known.profile_picture),
    }
}
