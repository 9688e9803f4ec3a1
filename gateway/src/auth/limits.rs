//! How often somebody may knock: per user, and before sign-in per address and account.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Weak};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use poem::http::header::{HeaderName, HeaderValue};

use crate::problem::{Kind, Problem};

type Keyed = RateLimiter<u64, DefaultKeyedStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// How often what is back at its full allowance is dropped from memory.
const SWEEP: Duration = Duration::from_secs(30);

/// Sign-ins per minute for one account from one address.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Requests without a token per minute from one address to what checks passwords or refresh tokens.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// The limits of one process.
pub struct Limits {
    requests: Option<Limit>,
    account: Limit,
    address: Limit,
}

struct Limit {
    name: &'static str,
    quota: u32,
    window: Duration,
    limiter: Keyed,
}

/// What is left of an allowance, as the draft's `RateLimit` fields tell it.
#[derive(Debug, Clone)]
pub struct Allowance {
    policy: String,
    state: String,
}

impl Allowance {
    /// The two fields.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let named = |name, text: &str| Some((HeaderName::from_static(name), HeaderValue::from_str(text).ok()?));
        [named("ratelimit-policy", &self.policy), named("ratelimit", &self.state)].into_iter().flatten()
    }
}

impl Limits {
    /// Limits of so many requests per second and user (0: none); what is not used is swept out of memory now and then.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Arc<Self> {
        let second = Duration::from_secs(1);
        let minute = Duration::from_secs(60);
        let limits = Arc::new(Self {
            requests: NonZeroU32::new(requests_per_second).map(|most| Limit::new("requests", most, second)),
            account: Limit::new("sign-in-account", PER_ACCOUNT, minute),
            address: Limit::new("sign-in-address", PER_ADDRESS, minute),
        });
        tokio::spawn(sweep(Arc::downgrade(&limits)));
        limits
    }

    /// Counts a request of a user, or of an address where nobody is signed in.
    ///
    /// # Errors
    /// The 429 problem when there were too many.
    pub fn request(&self, who: impl Hash) -> Result<Option<Allowance>, Problem> {
        self.requests.as_ref().map(|limit| limit.take(who)).transpose()
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// The 429 problem when there were too many.
    pub fn sign_in(&self, address: IpAddr, account: &str) -> Result<Allowance, Problem> {
        let network = network(address);
        self.address.take(network)?;
        self.account.take((network, account.trim().to_lowercase()))
    }

    /// Counts an attempt to refresh.
    ///
    /// # Errors
    /// The 429 problem when there were too many.
    pub fn refresh(&self, address: IpAddr) -> Result<Allowance, Problem> {
        self.address.take(network(address))
    }
}

impl Limit {
    fn new(name: &'static str, most: NonZeroU32, window: Duration) -> Self {
        let period = window / most.get();
        let quota = Quota::with_period(period).unwrap_or(Quota::per_second(most)).allow_burst(most);
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Self { name, quota: most.get(), window, limiter }
    }

    fn take(&self, who: impl Hash) -> Result<Allowance, Problem> {
        let mut hasher = DefaultHasher::new();
        who.hash(&mut hasher);
        match self.limiter.check_key(&hasher.finish()) {
            Ok(state) => Ok(self.allowance(state.remaining_burst_capacity(), 0)),
            Err(refused) => {
                let wait = refused.wait_time_from(self.limiter.clock().now());
                let allowance = self.allowance(0, wait.as_millis().div_ceil(1000).max(1));
                let problem = Problem::new(Kind::RateLimited, "Too many requests; wait before the next one.").retry_after(wait);
                Err(allowance.headers().fold(problem, |problem, (name, value)| problem.header(name, value)))
            }
        }
    }

    fn allowance(&self, left: u32, wait_seconds: u128) -> Allowance {
        let reset = if wait_seconds == 0 { self.window.as_secs().into() } else { wait_seconds };
        Allowance {
            policy: format!("\"{}\";q={};w={}", self.name, self.quota, self.window.as_secs()),
            state: format!("\"{}\";r={left};t={reset}", self.name),
        }
    }

    fn sweep(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

async fn sweep(limits: Weak<Limits>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(limits) = limits.upgrade() else { return };
        limits.requests.iter().chain([&limits.account, &limits.address]).for_each(Limit::sweep);
    }
}

/// One client's share of the address space: an IPv4 address, or the /64 that an IPv6 address is in.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u32::from(v4).into(),
        IpAddr::V6(v6) => u128::from(v6) >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_knocks_too_often_waits_and_others_do_not() {
        let limits = Limits::new(3);
        for _ in 0..3 {
            assert!(limits.request("jane").is_ok());
        }
        let refused = limits.request("jane").expect_err("the fourth");
        assert_eq!(refused.kind(), Kind::RateLimited);
        assert!(limits.request("john").is_ok());
        assert!(Limits::new(0).request("jane").expect("no limit").is_none());
    }

    #[tokio::test]
    async fn sign_ins_are_counted_by_account_and_by_address() {
        let limits = Limits::new(0);
        let (one, other) = ("192.0.2.1".parse().expect("an address"), "192.0.2.2".parse().expect("an address"));
        for _ in 0..PER_ACCOUNT.get() {
            assert!(limits.sign_in(one, "jane@example.com").is_ok());
        }
        assert!(limits.sign_in(one, "Jane@Example.com ").is_err());
        assert!(limits.sign_in(one, "john@example.com").is_ok());
        assert!(limits.sign_in(other, "jane@example.com").is_ok());
        let left = (PER_ADDRESS.get() - PER_ACCOUNT.get() - 2) as usize;
        assert_eq!((0..100).take_while(|n| limits.sign_in(one, &format!("{n}@example.com")).is_ok()).count(), left);
    }
}
