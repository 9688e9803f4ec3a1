//! What one tenant has leaves no trace in what is asked of the log for another: not in what is looked up, not in how much.

use commands::{BulkMode, BulkOutcome, Customer, CustomerCommand, Executor};
use event_log::testing::Overheard;
use events::{CustomerId, StreamRef, TenantId};

use super::support::{World, key, meta, points, register, registered};

/// Two tenants, of which the test may only see the first, and an ear on the log's server.
struct Tenants {
    world: World,
    executor: Executor,
    other: TenantId,
    theirs: StreamRef,
    overheard: Overheard,
}

const TAKEN: &str = "taken@example.com";
const UNKNOWN: &str = "spare@example.com";
const KEYS: [&str; 2] = ["used", "free"];

impl Tenants {
    async fn start() -> Self {
        let world = World::start().await;
        let executor = world.executor().await;
        let other = TenantId::generate();
        let theirs = StreamRef::customer(&other, &CustomerId::generate());
        registered(&executor, &theirs, TAKEN).await;
        let used = key(KEYS[0], "body");
        executor.execute::<Customer>(&theirs, points(1), &meta(), Some(&used)).await.unwrap();
        // What is asked once only, such as how the log ends, is asked here.
        world.customer(&executor, "first@example.com").await;
        let mut overheard = world.server.overhear().await.expect("an ear");
        overheard.so_far().await.expect("what passed");
        Self { world, executor, other, theirs, overheard }
    }

    /// What passed since the last call, without what names the request. Nothing in it names the other tenant.
    async fn trace(&mut self, own: &[&StreamRef]) -> Vec<String> {
        let mut trace = Vec::new();
        for (subject, payload) in self.overheard.so_far().await.expect("what passed") {
            let text = String::from_utf8_lossy(&payload).into_owned();
            assert!(!subject.contains(self.other.as_str()) && !text.contains(self.other.as_str()), "{subject}: {text}");
            if subject.starts_with("_INBOX.") {
                continue;
            }
            let readable = if text.starts_with('{') { text } else { format!("{} bytes", payload.len()) };
            let ids = own.iter().fold(format!("{subject} {readable}"), |line, stream| line.replace(stream.id(), "ID"));
            trace.push(without_hashes(&ids));
        }
        assert!(!trace.is_empty(), "something passed");
        trace
    }
}

/// Hashes of claims, which differ with every name, as one word.
fn without_hashes(text: &str) -> String {
    let word = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric())
        .map(|part| {
            let (body, end) = part.split_at(part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric()).len());
            if word(body) { format!("HASH{end}") } else { part.to_owned() }
        })
        .collect()
}

#[tokio::test]
async fn an_address_or_a_key_that_another_tenant_has_is_as_free_as_one_that_nobody_has() {
    let mut tenants = Tenants::start().await;
    let mut traces = Vec::new();
    for (email, name) in [(TAKEN, KEYS[0]), (UNKNOWN, KEYS[1])] {
        let (stream, key) = (tenants.world.stream(), key(name, "body"));
        let created = tenants.executor.execute::<Customer>(&stream, register(email), &meta(), Some(&key)).await;
        assert!(!created.expect("free").replayed);
        traces.push(tenants.trace(&[&stream]).await);
    }
    assert_eq!(traces[0], traces[1]);
    assert!(
        traces[0].iter().any(|line| line.contains("customer_email") && line.contains("GET")),
        "claims are looked up: {traces:?}"
    );
}

#[tokio::test]
async fn an_id_of_another_tenant_is_as_unknown_as_one_of_nobody() {
    let mut tenants = Tenants::start().await;
    let mut traces = Vec::new();
    let theirs: CustomerId = tenants.theirs.id().parse().unwrap();
    for id in [theirs, CustomerId::generate()] {
        let stream = StreamRef::customer(&tenants.world.tenant, &id);
        let refused = tenants.executor.execute::<Customer>(&stream, points(1), &meta(), None).await;
        assert_eq!(refused.expect_err("not there").code(), "customer.not_found");
        let commands = vec![(stream.clone(), CustomerCommand::Deactivate)];
        let report = tenants.executor.execute_bulk::<Customer>(commands, &meta(), None, BulkMode::Atomic).await.unwrap();
        assert_eq!(report.count(BulkOutcome::Missing), 1);
        traces.push(tenants.trace(&[&stream]).await);
    }
    assert_eq!(traces[0], traces[1]);
}
