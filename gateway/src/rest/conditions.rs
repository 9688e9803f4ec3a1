//! What a client asks of an answer in headers: versions, positions, and whether to wait.

use events::{Position, StreamVersion};
use poem::Request;
use poem::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH};

use crate::problem::{Kind, Problem};

/// The versions that `If-Match` or `If-None-Match` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whichever there is.
    Any,
    /// One of these.
    Versions(Vec<StreamVersion>),
}

impl Tags {
    /// Whether a version is among them.
    #[must_use]
    pub fn contains(&self, version: StreamVersion) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&version),
        }
    }
}

/// The strong entity tag of a version.
#[must_use]
pub fn etag(version: StreamVersion) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The versions that a header names; tags that no version has are passed over, for they can never fit.
pub(super) fn tags(request: &Request, name: HeaderName) -> Result<Option<Tags>, Problem> {
    let mut versions = Vec::new();
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
            let version = version(tag).ok_or_else(|| malformed(&name))?;
            versions.push(if weak { 0 } else { version });
        }
    }
    Ok(present.then_some(Tags::Versions(versions)))
}

/// The version of one tag; 0, which no answer has, for a well-formed tag of somebody else's.
fn version(tag: &str) -> Option<StreamVersion> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    let fine = |byte: u8| byte == 0x21 || (0x23..=0x7e).contains(&byte);
    opaque.bytes().all(fine).then(|| opaque.parse().unwrap_or(0))
}

fn malformed(name: &HeaderName) -> Problem {
    let shown = if *name == IF_MATCH { "If-Match" } else { "If-None-Match" };
    Problem::field(Kind::InvalidParameter, shown, "Must be an entity tag as an ETag header gave it, such as \"7\", or *.")
}

/// The 412 problem.
#[must_use]
pub fn mismatch(found: StreamVersion) -> Problem {
    let sentence = format!("This was changed in the meantime: its version is {found}. Get it again, then change it.");
    Problem::new(Kind::VersionMismatch, sentence).header(ETAG, etag(found))
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
    fn entity_tags_are_versions() {
        assert_eq!(read("\"7\"").expect("fine"), Some(Tags::Versions(vec![7])));
        assert_eq!(read("\"7\", W/\"8\"").expect("fine"), Some(Tags::Versions(vec![7, 0])));
        assert_eq!(read("*").expect("fine"), Some(Tags::Any));
        assert_eq!(read("\"somebody-elses\"").expect("fine"), Some(Tags::Versions(vec![0])));
        assert_eq!(tags(&Request::builder().finish(), IF_MATCH).expect("fine"), None);
        for text in ["7", "\"7", "", "\"a b\"", "\"7\";"] {
            assert_eq!(read(text).expect_err(text).kind(), Kind::InvalidParameter);
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
