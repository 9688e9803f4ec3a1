//! Erasure: once a tombstone is recorded, everything before it on the stream goes.

use event_log::LogError;
use events::{Position, StreamRef};

use super::Executor;

impl Executor {
    /// Erases what stands before a tombstone. Goes on when the caller gives up; can be repeated.
    pub(super) async fn erase(&self, stream: &StreamRef, tombstone: Position) -> Result<(), LogError> {
        let (executor, stream) = (self.clone(), stream.clone());
        let erasing = tokio::spawn(async move {
            let _turn = executor.wait_to_tidy(&stream).await;
            executor.log().erase(&stream, tombstone).await
        });
        let removed = erasing.await.map_err(|error| LogError::Unexpected(error.to_string()))??;
        tracing::info!(removed, position = tombstone.0, "stream erased");
        Ok(())
    }

    /// Erases what an interrupted erasure left.
    pub(super) fn erase_in_background(&self, stream: &StreamRef, tombstone: Position) {
        let (executor, stream) = (self.clone(), stream.clone());
        tokio::spawn(async move {
            if let Err(error) = executor.erase(&stream, tombstone).await {
                tracing::warn!(%error, position = tombstone.0, "stream not erased yet");
            }
        });
    }
}
