//! Who is meant by the names in a file: providers and customers by their email addresses, services by their titles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commands::booking::Import;
use events::booking::{PaymentRecorded, Reviewed, Slot, Subject};
use events::{BookingId, ClaimKey, ClaimName, ClaimRecord, CustomerId, Role, ServiceId, StreamRef, TenantId, UserId};
use gateway::csv::bookings::{BookingLine, BookingRow};
use query_api::providers::{ServiceRow, Whose};
use query_api::{Page, PageRequest, Scope, directory, providers};

use super::super::CliError;
use super::super::platform::Platform;

/// How many names are read at once.
const PAGE: u64 = 1_000;

/// The names of a tenant.
pub struct Names {
    tenant: TenantId,
    providers: HashMap<String, UserId>,
    services: HashMap<(UserId, String), ServiceRow>,
    /// Customers that were looked up; `None`: there is none with the address.
    customers: HashMap<String, Option<CustomerId>>,
}

impl Names {
    /// Reads the providers and services of a tenant.
    pub async fn read(platform: &Platform, tenant: TenantId) -> Result<Self, CliError> {
        let scope = Scope::tenant(tenant.clone());
        let users = pages(async |page| directory::users(&platform.models, &scope, page).await).await?;
        let is_provider = |role| role == Role::Provider;
        let providers = users.into_iter().filter(|user| is_provider(user.role)).map(|user| (user.email.to_lowercase(), user.id));
        let providers = providers.collect();
        let services =
            pages(async |page| providers::services(&platform.models, &scope, &Whose::Tenant, None, page).await).await?;
        let key = |service: &ServiceRow| (service.provider.clone(), service.offer.title.to_lowercase());
        let services = services.into_iter().map(|service| (key(&service), service)).collect();
        Ok(Self { tenant, providers, services, customers: HashMap::new() })
    }

    /// Looks the customers of these rows up.
    pub async fn look_up(&mut self, platform: &Platform, rows: &[BookingRow]) -> Result<(), CliError> {
        let named = rows.iter().filter_map(|(_, row)| row.as_ref().ok()).map(|row| row.customer.clone());
        let mut unknown: Vec<String> = named.filter(|email| !self.customers.contains_key(email)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let key = |email: &String| ClaimKey::email(&self.tenant, ClaimName::CustomerEmail, email);
        let records = platform.log.claims(&unknown.iter().map(key).collect::<Vec<_>>()).await?;
        for (email, stored) in unknown.into_iter().zip(records) {
            let holder = match stored.map(|stored| stored.record) {
                Some(ClaimRecord::Held { owner }) => owner.parse().ok(),
                Some(ClaimRecord::Released | ClaimRecord::Answered { .. }) | None => None,
            };
            self.customers.insert(email, holder);
        }
        Ok(())
    }

    /// What a row means, and the stream that it goes to.
    ///
    /// # Errors
    /// A sentence that says who or what is not there.
    pub fn import(&self, line: BookingLine, now: DateTime<Utc>) -> Result<(StreamRef, Import), String> {
        let provider = self.providers.get(&line.provider).ok_or("provider: There is no provider with this email address")?;
        let customer = self.customers.get(&line.customer).and_then(Option::as_ref);
        let customer = customer.ok_or("customer: There is no customer with this email address")?;
        let service = self.services.get(&(provider.clone(), line.service.to_lowercase()));
        let service = service.ok_or("service: The provider has no service with this title")?;
        let offered = &service.offer;
        let slot = match line.ends_at {
            Some(ends_at) => Slot { starts_at: line.starts_at, ends_at },
            None => Slot::lasting(line.starts_at, offered.duration_minutes).ok_or("starts_at: Is beyond all time")?,
        };
        let over = slot.ends_at.min(now);
        let subject = Subject {
            provider: provider.clone(),
            customer: customer.clone(),
            service: ServiceId::clone(&service.id),
            title: offered.title.clone(),
            amount: line.amount.unwrap_or(offered.price),
        };
        let (method, text) = (line.method, line.review);
        let payment = line.paid.map(|amount| PaymentRecorded { amount, method, reference: String::new(), paid_at: over });
        let review = line.rating.map(|rating| Reviewed { rating, text, reviewed_at: over });
        let booked_at = line.booked_at.unwrap_or_else(|| slot.starts_at.min(now));
        let stream = StreamRef::booking(&self.tenant, &BookingId::imported(provider, &line.reference));
        Ok((stream, Import { reference: line.reference, subject, slot, status: line.status, booked_at, payment, review }))
    }
}

/// All rows of a list.
async fn pages<T>(read: impl AsyncFn(PageRequest) -> Result<Page<T>, query_api::QueryError>) -> Result<Vec<T>, CliError> {
    let mut all = Vec::new();
    for number in 1.. {
        let Ok(request) = PageRequest::new(number, PAGE) else { break };
        let page = read(request).await?;
        let is_last = !page.has_next(request);
        all.extend(page.rows);
        if is_last {
            break;
        }
    }
    Ok(all)
}
