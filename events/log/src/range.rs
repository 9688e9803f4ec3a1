//! A part of the log that ends.

use events::Position;
use events::subject::Partition;
use futures_util::{Stream, StreamExt as _, stream};

use crate::error::LogError;
use crate::log::Log;
use crate::types::Tailed;

impl Log {
    /// What stands behind `after` up to and including `up_to`, in order, as [`Log::tail`] gives it; then it ends. What is
    /// recorded after this call is left out, so `up_to` counts no further than to where the log ends now.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn range(
        &self,
        partition: Partition,
        after: Position,
        up_to: Position,
    ) -> Result<impl Stream<Item = Result<Tailed, LogError>> + Send + 'static + use<>, LogError> {
        let last = self.head(partition).await?.min(up_to);
        let tail = (last > after).then(|| Box::pin(self.tail(partition, after)));
        Ok(stream::unfold(tail, move |tail| async move {
            let mut tail = tail?;
            match tail.next().await? {
                Ok(item) if item.position > last => None,
                Ok(item) => {
                    // The last positions may stand empty: then nothing is pending behind what is there.
                    let ended = item.position == last || item.pending == 0;
                    Some((Ok(item), (!ended).then_some(tail)))
                }
                Err(error) => Some((Err(error), None)),
            }
        }))
    }
}
