//! What must hold for a customer, one function per sentence.

use chrono::{DateTime, TimeDelta, Utc};
use events::customer::Profile;
use events::{Amount, Contact, Currency};

use super::error::CustomerRejection;
use super::state::{CustomerState, Standing};
use crate::aggregate::to_micros;
use crate::fields::{FieldErrors, Lines, check_email, check_name, check_text};

/// The limits of spec 002 and of channels, in characters where they are about texts.
pub mod limits {
    /// Name.
    pub const NAME: usize = 200;
    /// Phone.
    pub const PHONE: usize = 20;
    /// The least digits of a phone number.
    pub const PHONE_DIGITS: usize = 5;
    /// Address.
    pub const ADDRESS: usize = 1_000;
    /// City.
    pub const CITY: usize = 100;
    /// Province.
    pub const PROVINCE: usize = 100;
    /// Postal code.
    pub const POSTAL_CODE: usize = 10;
    /// Notes.
    pub const NOTES: usize = 10_000;
    /// The reason of a points change.
    pub const REASON: usize = 500;
    /// The number of an order.
    pub const ORDER_NUMBER: usize = 64;
    /// The id in a channel.
    pub const SOURCE_ID: usize = 128;
    /// The name that somebody chose in a channel.
    pub const USERNAME: usize = 100;
    /// A first or a last name; the two and a blank fit a name.
    pub const NAME_PART: usize = 99;
    /// The address of a picture.
    pub const PICTURE: usize = 2_048;
    /// The most tags of a customer.
    pub const TAGS: usize = 50;
    /// The greatest balance, and the greatest single change: exact in every client, also in those that count in doubles.
    pub const POINTS: i64 = 1_000_000_000_000;
    /// The greatest number of orders that an import may bring.
    pub const ORDERS: i64 = 1_000_000_000;
}

/// How far in the future a time may lie, since clocks differ.
pub const ORDER_TIME_TOLERANCE_SECONDS: i64 = 300;

/// 1900-01-01T00:00:00Z.
const YEAR_1900_UNIX_SECONDS: i64 = -2_208_988_800;

/// The customer must be there: entered, not deleted, not forgotten.
pub(super) fn the_customer_is_present(state: &CustomerState) -> Result<(), CustomerRejection> {
    match state.standing {
        Standing::Present => Ok(()),
        Standing::Missing => Err(CustomerRejection::NotFound),
        Standing::Deleted => Err(CustomerRejection::Deleted),
        Standing::Forgotten => Err(CustomerRejection::Forgotten),
    }
}

/// The customer must have been entered and not forgotten; deleted is fine. Says whether they are deleted.
pub(super) fn the_customer_is_known(state: &CustomerState) -> Result<bool, CustomerRejection> {
    match state.standing {
        Standing::Present => Ok(false),
        Standing::Deleted => Ok(true),
        Standing::Missing => Err(CustomerRejection::NotFound),
        Standing::Forgotten => Err(CustomerRejection::Forgotten),
    }
}

/// Blanks around a value do not count.
pub(super) fn trimmed(profile: &Profile) -> Profile {
    profile.map(|text| text.trim().to_owned())
}

/// Every field of a profile is within its limits.
pub(super) fn check_profile(errors: &mut FieldErrors, profile: &Profile) {
    check_email(errors, "email", &profile.email);
    check_rest(errors, profile);
}

/// As [`check_profile`], for a customer who is there: one who came over a channel may have no email address, but none is taken away.
pub(super) fn check_profile_of_known(errors: &mut FieldErrors, email_so_far: &str, profile: &Profile) {
    if !profile.email.is_empty() || !email_so_far.is_empty() {
        check_email(errors, "email", &profile.email);
    }
    check_rest(errors, profile);
}

/// The fields of a profile beside the email address.
fn check_rest(errors: &mut FieldErrors, profile: &Profile) {
    check_name(errors, "name", &profile.name, limits::NAME);
    check_phone(errors, &profile.phone);
    check_text(errors, "address", &profile.address, limits::ADDRESS, Lines::Many);
    check_text(errors, "city", &profile.city, limits::CITY, Lines::One);
    check_text(errors, "province", &profile.province, limits::PROVINCE, Lines::One);
    check_text(errors, "postal_code", &profile.postal_code, limits::POSTAL_CODE, Lines::One);
    check_text(errors, "notes", &profile.notes, limits::NOTES, Lines::Many);
}

/// Every field of a contact is within its limits.
pub(super) fn check_contact(errors: &mut FieldErrors, contact: &Contact) {
    check_text(errors, "source_id", &contact.source_id, limits::SOURCE_ID, Lines::One);
    check_text(errors, "username", &contact.username, limits::USERNAME, Lines::One);
    check_text(errors, "first_name", &contact.first_name, limits::NAME_PART, Lines::One);
    check_text(errors, "last_name", &contact.last_name, limits::NAME_PART, Lines::One);
    check_text(errors, "profile_picture", &contact.profile_picture, limits::PICTURE, Lines::One);
}

/// Who writes in a channel has an id there.
pub(super) fn check_source_id_is_there(errors: &mut FieldErrors, contact: &Contact) {
    if contact.source_id.is_empty() {
        errors.add("source_id", "Source id is required");
    }
}

/// A phone number may be missing; otherwise it is made of digits, blanks and `+ - ( ) .`, with enough digits.
pub(super) fn check_phone(errors: &mut FieldErrors, phone: &str) {
    if phone.is_empty() {
        return;
    }
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.');
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if !phone.chars().all(allowed) || digits < limits::PHONE_DIGITS {
        errors.add("phone", "Enter a valid phone number");
    }
    if phone.chars().count() > limits::PHONE {
        errors.add("phone", format!("Ensure this field has no more than {} characters", limits::PHONE));
    }
}

/// A balance is from 0 to its bound.
pub(super) fn check_balance(errors: &mut FieldErrors, points: i64) {
    if !(0..=limits::POINTS).contains(&points) {
        errors.add("loyalty_points", format!("Ensure this value is from 0 to {}", limits::POINTS));
    }
}

/// A time of the past is not before 1900 and not in the future. Gives it to the microsecond.
pub(super) fn check_past(
    errors: &mut FieldErrors,
    field: &'static str,
    time: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    if time > now + TimeDelta::seconds(ORDER_TIME_TOLERANCE_SECONDS) {
        errors.add(field, "This time is in the future");
    }
    if time.timestamp() < YEAR_1900_UNIX_SECONDS {
        errors.add(field, "This time is before 1900");
    }
    to_micros(time)
}

/// A customer is one person in the channel.
pub(super) fn the_contact_is_the_same_person(state: &CustomerState, contact: &Contact) -> Result<(), CustomerRejection> {
    let is_same = state.contact.source == contact.source && state.contact.source_id == contact.source_id;
    if is_same { Ok(()) } else { Err(CustomerRejection::AlreadyExists) }
}

/// A customer has no more tags than anybody can look over.
pub(super) fn there_is_room_for_a_tag(state: &CustomerState) -> Result<(), CustomerRejection> {
    if state.tags.len() < limits::TAGS { Ok(()) } else { Err(CustomerRejection::TooManyTags) }
}

/// The balance covers what is to be taken.
pub(super) fn the_balance_covers_it(balance: i64, change: i64) -> Result<(), CustomerRejection> {
    if balance.saturating_add(change) < 0 { Err(CustomerRejection::PointsInsufficient { balance }) } else { Ok(()) }
}

/// The balance never goes below 0 and never passes its bound. Gives the new one.
pub(super) fn the_balance_stays_in_bounds(balance: i64, change: i64) -> Result<i64, CustomerRejection> {
    let sum = balance.checked_add(change).ok_or(CustomerRejection::PointsOutOfBounds)?.max(0);
    if sum > limits::POINTS { Err(CustomerRejection::PointsOutOfBounds) } else { Ok(sum) }
}

/// An order is in the tenant's currency.
pub(super) fn the_currency_is_the_tenants(order: &Currency, tenant: &Currency) -> Result<(), CustomerRejection> {
    if order == tenant { Ok(()) } else { Err(CustomerRejection::CurrencyMismatch { expected: tenant.clone() }) }
}

/// What the customer spent in all stays an amount.
pub(super) fn the_total_stays_an_amount(spent: Amount, amount: Amount) -> Result<(), CustomerRejection> {
    spent.checked_add(amount).map(|_| ()).ok_or(CustomerRejection::TotalSpentOutOfBounds)
}
