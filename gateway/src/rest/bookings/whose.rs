//! Whose business a request is about: a provider's own, or, for those who manage the tenant, any provider's or all of them.

use commands::{Booking, BookingRejection, BookingState, Service, ServiceRejection, ServiceState};
use events::{BookingId, Role, ServiceId, StreamRef, UserId};
use query_api::providers::Whose;

use crate::problem::{Kind, Problem, reject};
use crate::rest::call::Call;

/// The name of the parameter.
const NAME: &str = "provider";

impl<O> Call<O> {
    /// Whose business a question is about. A provider asks about their own; who manages the tenant picks a provider, or none: all.
    ///
    /// # Errors
    /// The 403 problem for a provider who names somebody else, whether there is such a provider or not.
    pub(super) fn whose(&self, provider: Option<&str>) -> Result<Whose, Problem> {
        let picked = provider.map(str::parse::<UserId>);
        if self.session.role == Role::Provider {
            return match picked {
                Some(Ok(id)) if id != self.session.user => Err(others()),
                Some(Err(_)) => Err(others()),
                Some(Ok(_)) | None => Ok(Whose::Provider(self.session.user.clone())),
            };
        }
        match picked {
            Some(Ok(id)) => Ok(Whose::Provider(id)),
            Some(Err(error)) => Err(Problem::field(Kind::InvalidParameter, NAME, super::forms::said(&error))),
            None => Ok(Whose::Tenant),
        }
    }

    /// Whether who asks may see this provider's business.
    pub(super) fn may_see(&self, provider: &UserId) -> bool {
        self.session.role != Role::Provider || *provider == self.session.user
    }

    /// A service as it is now, of a provider whose business may be seen.
    ///
    /// # Errors
    /// The 404 problem, which another's service is as good as.
    pub(super) async fn service(&self, id: &str) -> Result<(StreamRef, ServiceState), Problem> {
        let missing = || reject(&ServiceRejection::NotFound);
        let id: ServiceId = id.parse().map_err(|_| missing())?;
        let stream = StreamRef::service(&self.tenant.id, &id);
        let state = self.present::<Service>(&stream).await?.state;
        let is_theirs = state.provider.as_ref().is_some_and(|provider| self.may_see(provider));
        if is_theirs { Ok((stream, (*state).clone())) } else { Err(missing()) }
    }

    /// A booking as it is now, of a provider whose business may be seen.
    ///
    /// # Errors
    /// The 404 problem, which another's booking is as good as.
    pub(super) async fn booking(&self, id: &str) -> Result<(StreamRef, BookingState), Problem> {
        let missing = || reject(&BookingRejection::NotFound);
        let id: BookingId = id.parse().map_err(|_| missing())?;
        let stream = StreamRef::booking(&self.tenant.id, &id);
        let state = self.present::<Booking>(&stream).await?.state;
        let is_theirs = state.subject.as_ref().is_some_and(|subject| self.may_see(&subject.provider));
        if is_theirs { Ok((stream, (*state).clone())) } else { Err(missing()) }
    }
}

fn others() -> Problem {
    Problem::field(Kind::Forbidden, NAME, "A provider sees their own customers, bookings and services only.")
}
