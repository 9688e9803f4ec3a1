//! How large a body may be, and how long a request may take.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use poem::http::{Method, header};
use poem::{Body, Request};

use super::About;
use crate::problem::{Kind, Problem};
use crate::rest::fields::MAX_BODY_BYTES;

/// The most bytes of an imported file with its wrapping.
pub const MAX_IMPORT_BYTES: usize = 64 * 1024 * 1024;

/// How long a request may take, its body included.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How long an import may take.
const IMPORT_TIME_LIMIT: Duration = Duration::from_secs(600);

/// Whether it brings a file.
#[must_use]
pub fn is_import(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path().trim_end_matches('/') == "/api/customers/import"
}

fn most(request: &Request) -> usize {
    if is_import(request) { MAX_IMPORT_BYTES } else { MAX_BODY_BYTES }
}

/// How long this request may take.
#[must_use]
pub fn time_limit(request: &Request) -> Duration {
    if is_import(request) { IMPORT_TIME_LIMIT } else { TIME_LIMIT }
}

/// Refuses a body that says that it is too large before a byte of it is read.
///
/// # Errors
/// The 413 problem.
pub fn check(request: &Request) -> Result<(), Problem> {
    let declared = request.header(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    if declared > most(request) as u64 { Err(too_large(most(request))) } else { Ok(()) }
}

/// The 413 problem.
#[must_use]
pub fn too_large(most: usize) -> Problem {
    Problem::new(Kind::TooLarge, format!("The body has more than {} MiB.", most / (1024 * 1024)))
}

/// Ends a file that goes on after the limit, though it did not say how large it is. JSON bodies are bounded where they are read.
pub fn limit_body(request: &mut Request, about: &Arc<About>) {
    if !is_import(request) {
        return;
    }
    let mut left = most(request);
    let about = Arc::clone(about);
    let body = request.take_body().into_bytes_stream().map(move |chunk| {
        let chunk = chunk?;
        left = left.checked_sub(chunk.len()).ok_or_else(|| {
            about.note_overflow();
            io::Error::new(io::ErrorKind::FileTooLarge, "body too large")
        })?;
        Ok::<_, io::Error>(chunk)
    });
    request.set_body(Body::from_bytes_stream(body));
}
