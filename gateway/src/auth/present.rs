//! Who may do what now, where the door shows what was: the directory says who was there then, and the log who still is.

use commands::{Executor, User};
use event_log::SecretError;
use events::StreamRef;
use query_api::directory::UserRow;

use super::{Auth, AuthError};

impl Auth {
    /// Lets in only who may sign in now, in the role that they have now, whatever the read models say of them.
    #[must_use]
    pub fn as_of_now(self, executor: Executor) -> Self {
        Self { present: Some(executor), ..self }
    }

    /// A user of the directory with the standing that they have now.
    pub(super) async fn standing(&self, user: UserRow) -> Result<UserRow, AuthError> {
        let Some(executor) = &self.present else { return Ok(user) };
        let stream = StreamRef::user(&user.tenant, &user.id);
        let now = executor.load::<User>(&stream).await.map_err(SecretError::Log)?.state;
        let role = now.role.unwrap_or(user.role);
        Ok(UserRow { is_active: now.is_active && now.exists(), role, ..user })
    }
}
