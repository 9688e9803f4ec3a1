//! Where a client of a socket goes on.

use events::{Position, TenantId};

use crate::app::AppState;
use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::unreadable_log;

/// The position behind which a client goes on: the one that `after` names, or where the log ends now.
///
/// # Errors
/// The 400 problem when the log has no such position, and the 503 problem when it does not answer.
pub async fn position<O>(call: &Call<O>, after: Option<&str>) -> Result<Position, Problem> {
    let head = head(&call.app, &call.tenant.id).await?;
    match after.map(str::parse) {
        None => Ok(head),
        Some(Ok(after)) => up_to(head, "after", Position(after)),
        Some(Err(_)) => Err(none("after", head)),
    }
}

/// The position that a member of a request names.
///
/// # Errors
/// As [`position`].
pub async fn known(app: &AppState, tenant: &TenantId, member: &str, position: Position) -> Result<Position, Problem> {
    up_to(head(app, tenant).await?, member, position)
}

async fn head(app: &AppState, tenant: &TenantId) -> Result<Position, Problem> {
    app.horizon(tenant).await.map_err(|error| unreadable_log(&error))
}

/// A position that a request gives under a name, where the log has come so far.
///
/// # Errors
/// The 400 problem when it has not.
pub fn up_to(head: Position, name: &str, position: Position) -> Result<Position, Problem> {
    if position <= head { Ok(position) } else { Err(none(name, head)) }
}

fn none(name: &str, head: Position) -> Problem {
    Problem::field(Kind::InvalidParameter, name, format!("Must be a position: a whole number up to {head}."))
}
