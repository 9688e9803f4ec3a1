//! Where a client of a socket goes on.

use events::Position;

use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::unreadable_log;

/// The position behind which a client goes on: the one that `after` names, or where the log ends now.
///
/// # Errors
/// The 400 problem when the log has no such position, and the 503 problem when it does not answer.
pub async fn position<O>(call: &Call<O>, after: Option<&str>) -> Result<Position, Problem> {
    let head = call.app.horizon(&call.tenant.id).await.map_err(|error| unreadable_log(&error))?;
    match after.map(str::parse) {
        None => Ok(head),
        Some(Ok(after)) if Position(after) <= head => Ok(Position(after)),
        Some(_) => {
            let sentence = format!("Must be a position: a whole number up to {head}.");
            Err(Problem::field(Kind::InvalidParameter, "after", sentence))
        }
    }
}
