//! Sending: a plain publish for one message, an atomic batch (ADR-50) for several.

use async_nats::client::RequestErrorKind;
use async_nats::{Message, Request};
use serde::Deserialize;

use crate::link::{ANSWER, ApiError, Link};
use crate::wire::{InBatch, Outgoing};

/// What came of sending.
#[derive(Debug)]
pub(crate) enum Sent {
    /// All is recorded; the sequence of the last message.
    Recorded { last: u64 },
    /// The server refused it; nothing is recorded.
    Refused(ApiError),
    /// The server has no such stream at the moment; nothing is recorded.
    NobodyThere,
    /// It did not leave this process, and never will.
    Kept(String),
    /// No answer: it may be recorded, or may yet be.
    Lost,
}

#[derive(Deserialize)]
struct Ack {
    #[serde(default)]
    seq: u64,
    error: Option<ApiError>,
}

impl Link {
    /// Sends messages so that all are recorded next to each other, or none. `epoch` is the connection they go over.
    pub(crate) async fn send(&self, epoch: u64, messages: &[&Outgoing]) -> Sent {
        tokio::select! {
            sent = self.send_all(messages) => sent,
            () = self.lost(epoch) => Sent::Lost,
        }
    }

    async fn send_all(&self, messages: &[&Outgoing]) -> Sent {
        let Some((last, before)) = messages.split_last() else {
            return Sent::Kept("nothing to send".into());
        };
        if before.is_empty() {
            return self.send_last(last, None).await;
        }
        let (id, size) = (self.client.new_inbox(), messages.len());
        let id = id.rsplit('.').next().unwrap_or(&id);
        let since = messages.iter().filter_map(|message| message.recorded_at).min();
        for (index, message) in before.iter().enumerate() {
            let headers = message.headers(Some(InBatch { id, sequence: index + 1, size, since }));
            let (subject, payload) = (message.subject.clone(), message.payload.clone());
            if let Err(error) = self.client.publish_with_headers(subject, headers, payload).await {
                // Without its last message a batch comes to nothing.
                return Sent::Kept(error.to_string());
            }
        }
        self.send_last(last, Some(InBatch { id, sequence: size, size, since })).await
    }

    async fn send_last(&self, message: &Outgoing, batch: Option<InBatch<'_>>) -> Sent {
        let request = Request::new().headers(message.headers(batch)).payload(message.payload.clone()).timeout(Some(ANSWER));
        match self.client.send_request(message.subject.clone(), request).await {
            Ok(answer) => understand(&answer),
            Err(error) => match error.kind() {
                RequestErrorKind::NoResponders => Sent::NobodyThere,
                RequestErrorKind::InvalidSubject | RequestErrorKind::MaxPayloadExceeded => Sent::Kept(error.to_string()),
                RequestErrorKind::TimedOut | RequestErrorKind::Other => Sent::Lost,
            },
        }
    }
}

fn understand(answer: &Message) -> Sent {
    match serde_json::from_slice(&answer.payload) {
        Ok(Ack { error: Some(error), .. }) => Sent::Refused(error),
        Ok(Ack { seq, error: None }) if seq > 0 => Sent::Recorded { last: seq },
        Ok(_) | Err(_) => {
            tracing::warn!("the log answered an append with something unexpected");
            Sent::Lost
        }
    }
}
