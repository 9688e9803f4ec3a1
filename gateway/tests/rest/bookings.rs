//! Services, bookings, payments and reviews.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use events::Role;
use serde_json::{Value, json};

use crate::house::{Answer, House, Somebody};

/// A provider with a service of an hour that costs 100, and a customer.
pub struct Salon {
    pub house: House,
    pub owner: Somebody,
    pub provider: Somebody,
    pub service: String,
    pub customer: String,
}

impl Salon {
    pub async fn open() -> Self {
        let house = House::start().await;
        let owner = house.owner().await;
        let provider = house.somebody(&owner.tenant, Role::Provider).await;
        let service = offered(&house, &provider, "Massage").await;
        let customer = entered(&house, &owner, "Jane Smith", "jane@example.com").await;
        Self { house, owner, provider, service, customer }
    }

    /// Somebody's request for the salon's service, so many minutes from now, for so long.
    pub async fn book(&self, who: &Somebody, customer: &str, minutes: i64, long: i64) -> Answer {
        let (from, to) = (at(minutes), at(minutes + long));
        let body = json!({ "service": self.service, "customer": customer, "starts_at": from, "ends_at": to });
        self.house.post(Some(who), "/api/bookings/", &body).await
    }

    /// A booking whose time has come; gives its path.
    pub async fn walk_in(&self) -> String {
        self.book(&self.provider, &self.customer, -5, 20).await.is(201).wanted("location")
    }

    pub async fn step(&self, path: &str, step: &str, body: &Value) -> Answer {
        self.house.post(Some(&self.provider), &format!("{path}{step}/"), body).await
    }

    pub async fn dashboard(&self, who: &Somebody, path: &str) -> Value {
        self.house.get(who, &format!("/api/bookings/provider_dashboard/{path}")).await.is(200).json()
    }
}

/// So many minutes from now, down to full five minutes.
pub fn at(minutes: i64) -> DateTime<Utc> {
    Utc::now().duration_trunc(TimeDelta::minutes(5)).expect("a time") + TimeDelta::minutes(minutes)
}

pub async fn offered(house: &House, provider: &Somebody, title: &str) -> String {
    let body = json!({ "title": title, "price": "100", "duration_minutes": 60 });
    let made = house.post(Some(provider), "/api/bookings/services/", &body).await.is(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

pub async fn entered(house: &House, who: &Somebody, name: &str, email: &str) -> String {
    let path = house.customer(who, name, email).await;
    path.trim_end_matches('/').rsplit('/').next().expect("an id").to_owned()
}

#[tokio::test]
async fn a_booking_goes_its_way() {
    let salon = Salon::open().await;
    let booked = salon.book(&salon.provider, &salon.customer, -5, 20).await.is(201);
    let path = booked.wanted("location");
    let booking = booked.json();
    assert_eq!(
        (&booking["status"], &booking["amount"], &booking["title"]),
        (&json!("requested"), &json!("100.00"), &json!("Massage"))
    );
    salon.step(&path, "complete", &json!({})).await.problem(409, "booking.not_confirmed");
    assert_eq!(salon.step(&path, "confirm", &json!({})).await.is(200).json()["status"], "confirmed");
    salon.step(&path, "review", &json!({ "rating": 5 })).await.problem(409, "booking.not_completed");
    assert_eq!(salon.step(&path, "complete", &json!({})).await.is(200).json()["status"], "completed");
    let pay = |amount: &str| json!({ "amount": amount, "method": "card", "reference": "P-1" });
    assert_eq!(salon.step(&path, "payments", &pay("40")).await.is(200).json()["paid"], "40.00");
    let over = salon.step(&path, "payments", &pay("60.01")).await.problem(409, "booking.overpaid");
    assert_eq!(over["error"], "Payments may not exceed the amount of the booking: 60.00 is left to pay");
    salon.step(&path, "payments", &pay("60")).await.is(200);
    assert_eq!(
        salon.step(&path, "review", &json!({ "rating": 5, "text": "Wonderful" })).await.is(200).json()["review"]["rating"],
        5
    );
    salon.step(&path, "review", &json!({ "rating": 1 })).await.problem(409, "booking.already_reviewed");
    salon.step(&path, "cancel", &json!({})).await.problem(409, "booking.over");
    let payments = salon.house.get(&salon.provider, &format!("{path}payments/")).await.is(200).json();
    assert_eq!((&payments["count"], &payments["results"][1]["amount"]), (&json!(2), &json!("60.00")));
    let list = salon.house.get(&salon.provider, "/api/bookings/?status=completed").await.is(200).json();
    assert_eq!((&list["count"], &list["results"][0]["paid"]), (&json!(1), &json!("100.00")));
    assert_eq!(salon.house.get(&salon.provider, &path).await.is(200).json(), list["results"][0]);
}

#[tokio::test]
async fn a_providers_time_is_booked_once() {
    let salon = Salon::open().await;
    let attempts = (0..10).map(|_| salon.book(&salon.provider, &salon.customer, 60, 60));
    let answers = futures_util::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for refused in answers.into_iter().filter(|answer| answer.status != 201) {
        let problem = refused.problem(409, "booking.time_taken");
        assert_eq!(problem["error"], "This time is already booked");
    }
    let list = salon.house.get(&salon.provider, "/api/bookings/").await.is(200).json();
    let path = format!("/api/bookings/{}/", list["results"][0]["id"].as_str().expect("an id"));
    salon.book(&salon.provider, &salon.customer, 115, 10).await.problem(409, "booking.time_taken");
    salon.step(&path, "reschedule", &json!({ "starts_at": at(65) })).await.is(200);
    salon.book(&salon.provider, &salon.customer, 60, 5).await.is(201);
    salon.step(&path, "cancel", &json!({ "by": "customer", "reason": "Ill" })).await.is(200);
    salon.book(&salon.provider, &salon.customer, 65, 60).await.is(201);
}

#[tokio::test]
async fn what_cannot_be_booked_is_told() {
    let salon = Salon::open().await;
    let refused = salon.book(&salon.provider, &salon.customer, -60, 60).await.problem(400, "booking.invalid");
    assert_eq!(refused["errors"]["starts_at"], json!(["This time is over"]));
    salon.book(&salon.provider, &salon.customer, 60, 25 * 60).await.problem(400, "booking.invalid");
    salon.book(&salon.provider, &salon.customer, 62, 60).await.problem(400, "booking.invalid");
    salon.book(&salon.provider, "nobody", 60, 60).await.problem(400, "request.invalid");
    let path = format!("/api/bookings/services/{}/", salon.service);
    salon.house.patch(&salon.provider, &path, &json!({ "is_active": false })).await.is(200);
    let closed = salon.book(&salon.provider, &salon.customer, 60, 60).await.problem(400, "request.invalid");
    assert_eq!(closed["errors"]["service"], json!(["This service cannot be booked."]));
    for body in [
        json!({}),
        json!({ "title": "x", "price": "-1", "duration_minutes": 60 }),
        json!({ "title": "x", "price": "1", "duration_minutes": 7 }),
    ] {
        salon.house.post(Some(&salon.provider), "/api/bookings/services/", &body).await.is(400);
    }
    for wrong in ["status=lost", "from=2024-01-16T00:00:00Z&to=2024-01-15T00:00:00Z"] {
        let problem = salon.house.get(&salon.provider, &format!("/api/bookings/?{wrong}")).await;
        let problem = problem.problem(400, "request.invalid_parameter");
        assert!(problem["errors"][wrong.split('=').next().expect("a name")].is_array(), "{problem}");
    }
}

#[tokio::test]
async fn a_provider_sees_only_what_is_theirs_and_the_owner_sees_all() {
    let salon = Salon::open().await;
    let path = salon.walk_in().await;
    let colleague = salon.house.somebody(&salon.owner.tenant, Role::Provider).await;
    let service = offered(&salon.house, &colleague, "Haircut").await;
    for foreign in [&path, &format!("{path}payments/"), &format!("/api/bookings/services/{}/", salon.service)] {
        salon.house.get(&colleague, foreign).await.is(404);
    }
    for step in ["confirm", "complete", "no_show"] {
        salon.house.post(Some(&colleague), &format!("{path}{step}/"), &json!({})).await.problem(404, "booking.not_found");
    }
    salon.house.patch(&colleague, &format!("/api/bookings/services/{}/", salon.service), &json!({ "price": "1" })).await.is(404);
    salon.book(&colleague, &salon.customer, 60, 60).await.is(404);
    let count = async |who: &Somebody, path: &str| salon.house.get(who, path).await.is(200).json()["count"].clone();
    assert_eq!(
        (count(&colleague, "/api/bookings/").await, count(&colleague, "/api/bookings/services/").await),
        (json!(0), json!(1))
    );
    assert_eq!(
        (count(&salon.owner, "/api/bookings/").await, count(&salon.owner, "/api/bookings/services/").await),
        (json!(1), json!(2))
    );
    let me = salon.house.get(&salon.provider, "/api/auth/me/").await.json()["id"].as_str().expect("an id").to_owned();
    salon.house.get(&colleague, &format!("/api/bookings/?provider={me}")).await.problem(403, "auth.forbidden");
    assert_eq!(count(&salon.owner, &format!("/api/bookings/services/?provider={me}")).await, json!(1));
    let agent = salon.house.somebody(&salon.owner.tenant, Role::Agent).await;
    salon.house.get(&agent, "/api/bookings/").await.problem(403, "auth.forbidden");
    let stranger = salon.house.owner().await;
    salon.house.get(&stranger, &path).await.is(404);
    salon.house.get(&stranger, &format!("/api/bookings/services/{service}/")).await.is(404);
}
