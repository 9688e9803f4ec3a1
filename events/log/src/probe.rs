//! What the log's server gives without anything around it: single publishes to a stream of their own. For benchmarks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::{self, stream};

use crate::error::LogError;
use crate::link::Link;

/// The size of a commit with one event and a short reason.
const PAYLOAD_BYTES: usize = 313;

/// A stream on the log's server that nothing but this probe writes to. It stays until [`Probe::remove`].
#[derive(Clone)]
pub struct Probe {
    context: Context,
    name: Arc<str>,
    subjects: Arc<AtomicU64>,
}

/// One publisher: its own subject, one message at a time, each with the sequence that it expects.
pub struct Publisher {
    context: Context,
    subject: String,
    last: u64,
}

impl Probe {
    /// Connects and makes the stream, as the log's own streams are made.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses it.
    pub async fn connect(url: &str) -> Result<Self, LogError> {
        let link = Link::connect(url).await?;
        let context = jetstream::new(link.client.clone());
        let unique = link.client.new_inbox();
        let name = format!("PROBE_{}", unique.rsplit('.').next().unwrap_or(&unique));
        let config = stream::Config {
            name: name.clone(),
            subjects: vec![format!("{name}.*")],
            allow_direct: true,
            storage: stream::StorageType::File,
            ..stream::Config::default()
        };
        context.create_stream(config).await.map_err(|error| LogError::Unavailable(error.to_string()))?;
        Ok(Self { context, name: name.into(), subjects: Arc::default() })
    }

    /// Another publisher.
    #[must_use]
    pub fn publisher(&self) -> Publisher {
        let number = self.subjects.fetch_add(1, Ordering::Relaxed);
        Publisher { context: self.context.clone(), subject: format!("{}.{number}", self.name), last: 0 }
    }

    /// Removes the stream.
    ///
    /// # Errors
    /// When the server does not do it.
    pub async fn remove(self) -> Result<(), LogError> {
        let removed = self.context.delete_stream(&*self.name).await;
        removed.map(|_| ()).map_err(|error| LogError::Unavailable(error.to_string()))
    }
}

impl Publisher {
    /// Publishes one message and waits for its acknowledgement.
    ///
    /// # Errors
    /// When there is none.
    pub async fn publish(&mut self) -> Result<(), LogError> {
        let message = PublishMessage::build().payload(vec![b'x'; PAYLOAD_BYTES].into()).expected_last_subject_sequence(self.last);
        let unavailable = |error: jetstream::context::PublishError| LogError::Unavailable(error.to_string());
        let sent = self.context.send_publish(self.subject.clone(), message).await.map_err(unavailable)?;
        self.last = sent.await.map_err(unavailable)?.sequence;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn publishers_do_not_disturb_each_other_and_the_stream_goes_again() {
        let server = crate::testing::TestServer::start().await.expect("a server");
        let probe = Probe::connect(server.server().url()).await.expect("a probe");
        let (mut one, mut other) = (probe.publisher(), probe.publisher());
        for _ in 0..3 {
            one.publish().await.expect("an acknowledgement");
            other.publish().await.expect("an acknowledgement");
        }
        assert!(one.last == 5 && other.last == 6);
        probe.remove().await.expect("removed");
    }
}
