//! The parameters of a URL as texts. What is no text is refused: replaced by something that is, it would be answered with something
//! else than was asked for.

use percent_encoding::percent_decode_str;
use poem::Request;

use crate::problem::{Kind, Problem};
use crate::words::shown;

/// The parameters of a request's URL, in their order.
///
/// # Errors
/// The 400 problem that names the parameter that is no percent-encoded UTF-8.
pub fn parameters(request: &Request) -> Result<Vec<(String, String)>, Problem> {
    let pairs = request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let both = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let wrong =
            |sentence| Problem::field(Kind::InvalidParameter, &shown(&percent_decode_str(name).decode_utf8_lossy()), sentence);
        Ok((text(name).map_err(wrong)?, text(value).map_err(wrong)?))
    };
    pairs.map(both).collect()
}

/// What a part of the URL says, or what is wrong with it.
fn text(part: &str) -> Result<String, &'static str> {
    let is_whole = |rest: &str| rest.as_bytes().first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if !part.split('%').skip(1).all(is_whole) {
        return Err("After % there must be two hexadecimal digits; the sign itself is written as %25.");
    }
    let spaced = part.replace('+', " ");
    let text = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| "This is not UTF-8; encode the text as UTF-8 first, then with %.")?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_forms_write_them() {
        let of = |query: &str| parameters(&Request::builder().uri_str(format!("/?{query}")).finish());
        for (query, wanted) in [
            ("a=b+c%2Bd&e", vec![("a", "b c+d"), ("e", "")]),
            ("caf%c3%a9=%25%3D=&&", vec![("café", "%==")]),
            ("=", vec![("", "")]),
            ("", vec![]),
        ] {
            let given = of(query).expect(query);
            assert_eq!(given.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), wanted);
        }
        for broken in ["a=%", "a=%4", "a=%zz", "a=%+1", "a=%ff", "a=%c3%28", "a=%ed%a0%80"] {
            let problem = of(broken).expect_err(broken);
            assert_eq!(problem.errors().keys().collect::<Vec<_>>(), ["a"]);
        }
        assert_eq!(of("%ff=1").expect_err("no name").errors().keys().collect::<Vec<_>>(), ["\u{fffd}"]);
    }
}
