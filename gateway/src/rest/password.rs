//! `/api/auth/password/`: everybody changes their own.

use commands::{User, UserCommand};
use events::StreamRef;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::answer::Read;
use super::call::Call;
use super::fields::{Body, Fields, Input, sentence};
use super::token::{Knock, TokenPair};
use crate::auth::{op, password};
use crate::problem::{Kind, Problem};

/// One's own password.
pub struct PasswordApi;

#[OpenApi(prefix_path = "/api/auth", tag = "Tag::Auth")]
impl PasswordApi {
    /// Change one's own password
    ///
    /// All tokens that the user has end, in every session; the answer has the first ones of a new session. Wrong guesses count as
    /// those of a sign-in do.
    #[oai(path = "/password/", method = "post", operation_id = "changePassword")]
    async fn change(
        &self,
        call: Call<op::OwnPassword>,
        knock: Knock,
        body: Body<PasswordInput>,
    ) -> Result<Read<TokenPair>, Problem> {
        let PasswordInput { current_password, new_password } = body.input;
        knock.guess(&call.session.email)?;
        let revision = call.app.auth.own_password(&call.session, &current_password).await?.ok_or_else(wrong)?;
        let stream = StreamRef::user(&call.session.tenant, &call.session.user);
        let digest = call.app.auth.seal(&body.digest);
        let done = call.execute::<User>(&stream, UserCommand::ChangePassword, &digest).await?;
        let signed_in = call.app.auth.change_password(&call.session, revision, &new_password).await?;
        let _in_time = call.app.wait_for(&call.session.tenant, done.position).await;
        knock.pair(signed_in).await
    }
}

fn wrong() -> Problem {
    Problem::field(Kind::WrongPassword, "current_password", "This is not your current password.")
}

/// The password in place of the current one.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PasswordInput {
    /// The password that was good until now.
    #[oai(validator(max_length = 256))]
    pub current_password: String,
    /// The password from now on.
    #[oai(validator(min_length = 8, max_length = 256))]
    pub new_password: String,
}

impl Input for PasswordInput {
    fn read(fields: &mut Fields) -> Self {
        let (current_password, new_password) = (fields.required_text("current_password"), fields.required_text("new_password"));
        if current_password.chars().count() > password::MAX_CHARS {
            fields.wrong("current_password", format!("Must have no more than {} characters.", password::MAX_CHARS));
        }
        if let Err(error) = password::check(&new_password)
            && !fields.is_wrong("new_password")
        {
            fields.wrong("new_password", sentence(&error.to_string()));
        }
        Self { current_password, new_password }
    }
}

impl Example for PasswordInput {
    fn example() -> Self {
        Self { current_password: "correct horse battery".to_owned(), new_password: "another horse entirely".to_owned() }
    }
}
