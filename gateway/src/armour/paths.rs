//! Paths of the API with and without the trailing slash.

use poem::Request;
use poem::http::Uri;
use poem::http::uri::PathAndQuery;

/// Adds the trailing slash that the routes have.
pub fn add_slash(request: &mut Request) {
    let path = request.uri().path();
    if !path.starts_with("/api/") || path.ends_with('/') {
        return;
    }
    let with_slash = match request.uri().query() {
        Some(query) => format!("{path}/?{query}"),
        None => format!("{path}/"),
    };
    let mut parts = request.uri().clone().into_parts();
    // A path that was one stays one with a slash behind it; if not, the route is not found.
    if let Ok(path_and_query) = with_slash.parse::<PathAndQuery>() {
        parts.path_and_query = Some(path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_api_get_a_slash() {
        for (given, wanted) in [
            ("/api/customers", "/api/customers/"),
            ("/api/customers/", "/api/customers/"),
            ("/api/customers?page=2&search=a/b", "/api/customers/?page=2&search=a/b"),
            ("/docs", "/docs"),
        ] {
            let mut request = Request::builder().uri_str(given).finish();
            add_slash(&mut request);
            assert_eq!(request.uri().to_string(), wanted);
        }
    }
}
