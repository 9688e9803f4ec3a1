//! poem's own errors as problems: unknown paths, wrong methods, bodies and parameters that cannot be read.

use std::any::Any;

use poem::error::{NotFoundError, ParseMultipartError, ReadBodyError};
use poem::http::header::ALLOW;
use poem::http::{HeaderValue, StatusCode};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError};

use super::bounds;
use crate::problem::{Kind, Problem};
use crate::rest::fields::{MAX_BODY_BYTES, sentence};

/// The problem that an error stands for.
pub fn problem(error: poem::Error) -> Problem {
    let error = match error.downcast::<Problem>() {
        Ok(problem) => return problem,
        Err(error) => error,
    };
    if error.is::<NotFoundError>() {
        return Problem::new(Kind::NotFound, "There is nothing at this path.");
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        return Problem::field(Kind::InvalidParameter, error.name, reason(&error.reason));
    }
    if error.is::<ParsePathError>() {
        // An id that cannot be one leads where an unknown one leads.
        return Problem::not_found();
    }
    if let Some(error) = error.downcast_ref::<ReadBodyError>() {
        return unreadable(error);
    }
    if error.is::<ContentTypeError>() || error.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return Problem::new(Kind::UnsupportedMediaType, "A body of this type is not accepted here.");
    }
    if error.is::<ParseMultipartError>() || error.status().is_client_error() {
        return Problem::new(Kind::Malformed, sentence(&error.to_string()));
    }
    tracing::error!(%error, "an error that no rule foresaw");
    Problem::new(Kind::Internal, "Something went wrong here; the correlation id helps to find out what.")
}

/// The problem of a method that a path does not have, where it has these.
pub fn wrong_method(allowed: &str) -> Problem {
    let sentence = format!("This path does not know this method; it knows {allowed}.");
    let problem = Problem::new(Kind::MethodNotAllowed, sentence);
    // The methods come from the service's own routes, so they are fit for a header.
    match HeaderValue::from_str(allowed) {
        Ok(value) => problem.header(ALLOW, value),
        Err(_) => problem,
    }
}

fn unreadable(error: &ReadBodyError) -> Problem {
    match error {
        ReadBodyError::PayloadTooLarge => bounds::too_large(MAX_BODY_BYTES),
        ReadBodyError::Utf8(_) => Problem::new(Kind::Malformed, "The body is not UTF-8."),
        ReadBodyError::Io(_) => Problem::new(Kind::Malformed, "The body ended early."),
        ReadBodyError::BodyHasBeenTaken => Problem::internal(error),
    }
}

/// What the parameter parser says, without the name of its type.
fn reason(text: &str) -> String {
    sentence(text.split_once("\": ").map_or(text, |(_, rest)| rest).trim_end_matches(" (occurred while parsing"))
}

/// What a panic is from outside: a mistake, and nothing more.
pub fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("without a message"), "a request panicked");
    Problem::new(Kind::Internal, "Something went wrong here; the correlation id helps to find out what.")
}
