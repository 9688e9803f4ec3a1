//! Request bodies: JSON objects of a known form, and what stands for what they say.

use futures_util::FutureExt;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::fields::{self, Input};
use super::once::Once;
use crate::problem::{Kind, Problem};

/// The most bytes of a JSON body.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// A JSON body of a known form.
pub struct Body<T> {
    /// What it says.
    pub input: T,
    /// The SHA-256 of its canonical form: the same for bodies that say the same.
    pub digest: [u8; 32],
}

impl<'a, T: Input> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let body = body.take();
        // Boxed for the compiler's sake: it cannot yet see that the future is Send for every lifetime (rust#100013).
        let read = async move {
            check_content_type(request)?;
            let bytes = body?.into_bytes_limit(MAX_BODY_BYTES).await?;
            Ok(Self::parse(&bytes)?)
        };
        read.boxed().await
    }
}

impl<T: Input> Body<T> {
    fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let map = object(bytes)?;
        let mut digest = Sha256::new();
        canonical_object(&map, &mut digest);
        Ok(Self { input: fields::read(map)?, digest: digest.finalize().into() })
    }
}

/// A JSON object in bytes from outside, with each member once.
///
/// # Errors
/// The 400 problem that says what they are instead.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    let malformed = |sentence: String| Problem::new(Kind::Malformed, sentence);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("The body is not UTF-8 (byte {}).", error.valid_up_to())))?;
    if text.trim().is_empty() {
        return Err(malformed("The body is empty; a JSON object is needed.".to_owned()));
    }
    match serde_json::from_str(text) {
        Ok(Once(Value::Object(map))) => Ok(map),
        Ok(Once(_)) => Err(malformed("The body must be a JSON object.".to_owned())),
        Err(error) if error.is_data() => Err(malformed(fields::sentence(&error.to_string()))),
        Err(error) => Err(malformed(format!("The body is not JSON (line {}, column {}).", error.line(), error.column()))),
    }
}

fn check_content_type(request: &Request) -> Result<(), Problem> {
    let essence = request.content_type().map(|text| text.split(';').next().unwrap_or_default().trim().to_lowercase());
    match essence.as_deref() {
        Some("application/json") => Ok(()),
        Some(essence) if essence.starts_with("application/") && essence.ends_with("+json") => Ok(()),
        Some(_) | None => {
            Err(Problem::new(Kind::UnsupportedMediaType, "The body must be application/json; say so in Content-Type."))
        }
    }
}

/// Feeds a value to the hash in a form that does not depend on the order of members or on blanks.
fn canonical(value: &Value, digest: &mut Sha256) {
    match value {
        Value::Object(map) => canonical_object(map, digest),
        Value::Array(items) => {
            digest.update(b"[");
            for item in items {
                canonical(item, digest);
            }
            digest.update(b"]");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let text = value.to_string();
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
    }
}

fn canonical_object(map: &Map<String, Value>, digest: &mut Sha256) {
    let mut members: Vec<_> = map.iter().collect();
    members.sort_by_key(|(name, _)| name.as_str());
    digest.update(b"{");
    for (name, member) in members {
        canonical(&Value::String(name.clone()), digest);
        canonical(member, digest);
    }
    digest.update(b"}");
}
