//! Who somebody is, by their id: `GET {base}/{id}` of Messenger and Instagram.

use std::time::Duration;

use commands::customer::limits;
use events::{Contact, Source};
use reqwest::{Client, Url};
use serde::Deserialize;

use super::{Fault, body, retry_after};

/// How long a message may wait to learn who wrote it.
const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Deserialize, Default)]
#[serde(default)]
struct Profile {
    first_name: String,
    last_name: String,
    name: String,
    username: String,
    profile_pic: String,
}

/// What the platform tells of somebody. What is too long to be kept is cut off, and a picture that is, left out.
pub async fn ask(client: &Client, mut base: Url, token: &str, source: Source, id: &str) -> Result<Contact, Fault> {
    let fields = match source {
        Source::Messenger => "first_name,last_name,profile_pic",
        Source::Instagram => "name,username,profile_pic",
        Source::Telegram | Source::Unknown => return Err(Fault::Final("The channel has no profiles.".to_owned())),
    };
    if let Ok(mut path) = base.path_segments_mut() {
        path.pop_if_empty().push(id);
    }
    base.query_pairs_mut().append_pair("fields", fields);
    let answer = client.get(base).bearer_auth(token).timeout(TIMEOUT).send().await?;
    if !answer.status().is_success() {
        return Err(Fault::of_status(answer.status(), None, retry_after(&answer)));
    }
    let body = body(answer).await?;
    let told: Profile =
        serde_json::from_slice(&body).map_err(|_| Fault::Final("The channel told nothing that can be read.".to_owned()))?;
    Ok(contact(told, source, id))
}

fn contact(told: Profile, source: Source, id: &str) -> Contact {
    let cut = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
    let known = Contact {
        source,
        source_id: id.to_owned(),
        first_name: told.first_name,
        last_name: told.last_name,
        ..Contact::default()
    };
    let (first, last) = known.names(&told.name);
    let (first_name, last_name) = (cut(first, limits::NAME_PART), cut(last, limits::NAME_PART));
    let username = cut(&told.username, limits::USERNAME);
    let profile_picture = if told.profile_pic.len() <= limits::PICTURE { told.profile_pic } else { String::new() };
    Contact { username, first_name, last_name, profile_picture, ..known }
}
