//! What a client asks of an answer in headers: versions, positions, and whether to wait.

use events::{Position, StreamVersion};
use poem::Request;
use poem::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH};
use sha2::{Digest, Sha256};

use crate::problem::{Kind, Problem};

/// How many bytes of a body's SHA-256 tell it from other bodies of the same version.
const DIGEST_BYTES: usize = 8;

/// The entity tags that `If-Match` or `If-None-Match` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whichever there is.
    Any,
    /// One of these; what stands between the quotes.
    Listed(Vec<String>),
}

impl Tags {
    /// Whether the tag of a body is among them.
    #[must_use]
    pub fn contains(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|listed| listed == tag),
        }
    }

    /// The versions that they stand for; `None`: whichever there is. A tag of somebody else's stands for 0, which nothing has.
    #[must_use]
    pub fn versions(&self) -> Option<Vec<StreamVersion>> {
        match self {
            Self::Any => None,
            Self::Listed(tags) => Some(tags.iter().map(|tag| version(tag)).collect()),
        }
    }
}

/// The tag of a body that shows a thing at a version. A body shows more than the thing (the tenant's name, the names of tags), so that
/// each has a tag of its own; whoever changes the thing is held to the version in it alone.
#[must_use]
pub fn tag(version: StreamVersion, body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    format!("{version}-{}", hex::encode(&digest[..DIGEST_BYTES]))
}

/// The header with a strong entity tag.
#[must_use]
pub fn etag(tag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The entity tags that a header names.
pub(super) fn tags(request: &Request, name: HeaderName) -> Result<Option<Tags>, Problem> {
    let mut listed = Vec::new();
    let mut present = false;
    for value in request.headers().get_all(&name) {
        present = true;
        let text = value.to_str().ok().map(str::trim).unwrap_or_default();
        if text == "*" {
            return Ok(Some(Tags::Any));
        }
        for tag in text.split(',').map(str::trim) {
            // `If-Match` compares strongly: what is only weakly the same does not fit (RFC 9110).
            let weak = name == IF_MATCH && tag.starts_with("W/");
            let opaque = opaque(tag).ok_or_else(|| malformed(&name))?;
            listed.push(if weak { String::new() } else { opaque.to_owned() });
        }
    }
    Ok(present.then_some(Tags::Listed(listed)))
}

/// The version in a tag: that of a body, or one alone.
fn version(tag: &str) -> StreamVersion {
    tag.split_once('-').map_or(tag, |(version, _)| version).parse().unwrap_or(0)
}

/// What stands between the quotes of a well-formed tag.
fn opaque(tag: &str) -> Option<&str> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    let fine = |byte: u8| byte == 0x21 || (0x23..=0x7e).contains(&byte);
    opaque.bytes().all(fine).then_some(opaque)
}

fn malformed(name: &HeaderName) -> Problem {
    let shown = if *name == IF_MATCH { "If-Match" } else { "If-None-Match" };
    Problem::field(Kind::InvalidParameter, shown, "Must be an entity tag as an ETag header gave it, such as \"7\", or *.")
}

/// The 412 problem.
#[must_use]
pub fn mismatch(found: StreamVersion) -> Problem {
    let sentence = format!("This was changed in the meantime: its version is {found}. Get it again, then change it.");
    Problem::new(Kind::VersionMismatch, sentence).header(ETAG, etag(&found.to_string()))
}

/// Whether the client would rather have an answer before the read models show the change.
pub(super) fn prefers_async(request: &Request) -> bool {
    let values = request.headers().get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .any(|token| token.split(';').next().is_some_and(|token| token.trim().eq_ignore_ascii_case("respond-async")))
}

/// The position that the answer must be at least as of.
pub(super) fn min_position(request: &Request) -> Result<Option<Position>, Problem> {
    let params: Vec<(String, String)> = request.params().unwrap_or_default();
    let Some((_, text)) = params.into_iter().find(|(name, _)| name == "min_position") else { return Ok(None) };
    match text.parse() {
        Ok(position) => Ok(Some(Position(position))),
        Err(_) => {
            let sentence = "Must be a position: a whole number as the header Kith-Position gave it.";
            Err(Problem::field(Kind::InvalidParameter, "min_position", sentence))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn read(text: &str) -> Result<Option<Tags>, Problem> {
        tags(&Request::builder().header("if-match", text).finish(), IF_MATCH)
    }

    #[test]
    fn entity_tags_stand_for_versions() {
        let versions = |text: &str| read(text).expect("fine").expect("given").versions();
        assert_eq!(versions("\"7\""), Some(vec![7]));
        assert_eq!(versions(&format!("\"{}\"", tag(7, "{}"))), Some(vec![7]));
        assert_eq!(versions("\"7-x\", W/\"8\""), Some(vec![7, 0]));
        assert_eq!(versions("*"), None);
        assert_eq!(versions("\"somebody-elses\", \"-7\", \"\""), Some(vec![0, 0, 0]));
        assert_eq!(tags(&Request::builder().finish(), IF_MATCH).expect("fine"), None);
        for text in ["7", "\"7", "", "\"a b\"", "\"7\";"] {
            assert_eq!(read(text).expect_err(text).kind(), Kind::InvalidParameter);
        }
    }

    #[test]
    fn bodies_of_one_version_have_tags_of_their_own() {
        let known = Tags::Listed(vec![tag(7, "{}")]);
        assert!(known.contains(&tag(7, "{}")) && Tags::Any.contains(&tag(7, "[]")));
        for other in [tag(7, "[]"), tag(8, "{}"), "7".to_owned()] {
            assert!(!known.contains(&other), "{other}");
        }
    }

    #[test]
    fn a_preference_is_found_among_others() {
        let prefers = |text: &str| prefers_async(&Request::builder().header("prefer", text).finish());
        assert!(prefers("respond-async"));
        assert!(prefers("handling=lenient, Respond-Async; wait=10"));
        assert!(!prefers("wait=10"));
    }
}
