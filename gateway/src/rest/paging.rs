//! Pages as the documents' clients know them: `count`, `next`, `previous`, `results`.

use poem::http::header;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody};
use query_api::{Page, PageRequest};

use super::params::{PageNumber, PageSize};
use crate::app::AppState;
use crate::problem::{Kind, Problem};

/// Where a list was asked for, so that its other pages can be named.
pub struct ListUrl {
    base: String,
    query: String,
}

impl<'a> FromRequest<'a> for ListUrl {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&AppState>::from_request(request, body).await?;
        let forwarded = request.header("x-forwarded-proto").filter(|proto| app.options.behind_proxy && *proto == "https");
        let scheme = forwarded.unwrap_or("http");
        let path = request.uri().path();
        let base = match request.header(header::HOST).or(request.uri().authority().map(|authority| authority.as_str())) {
            Some(host) => format!("{scheme}://{host}{path}"),
            None => path.to_owned(),
        };
        Ok(Self { base, query: request.uri().query().unwrap_or_default().to_owned() })
    }
}

impl ListUrl {
    /// The same list at another page; every other parameter stays.
    #[must_use]
    pub fn at(&self, page: u64) -> String {
        let mut parts: Vec<String> =
            self.query.split('&').filter(|part| !part.is_empty() && !is_page(part)).map(str::to_owned).collect();
        if page > 1 {
            parts.push(format!("page={page}"));
        }
        if parts.is_empty() { self.base.clone() } else { format!("{}?{}", self.base, parts.join("&")) }
    }

    /// The pages after and before this one.
    ///
    /// # Errors
    /// The 404 problem when the page is behind the last one.
    pub fn neighbours<T>(&self, page: &Page<T>, request: PageRequest) -> Result<(Option<String>, Option<String>), Problem> {
        let number = request.page();
        if number > 1 && request.offset() >= page.count {
            return Err(Problem::new(Kind::NotFound, "Invalid page."));
        }
        let next = page.has_next(request).then(|| self.at(number.saturating_add(1)));
        let previous = (number > 1).then(|| self.at(number.saturating_sub(1)));
        Ok((next, previous))
    }
}

fn is_page(part: &str) -> bool {
    part == "page" || part.starts_with("page=")
}

/// The page that the parameters ask for.
///
/// # Errors
/// The 400 problem; the parameters' own bounds leave none.
pub fn page_request(page: PageNumber, size: PageSize) -> Result<PageRequest, Problem> {
    PageRequest::new(page.0, size.0)
        .map_err(|error| Problem::new(Kind::InvalidParameter, super::fields::sentence(&error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_parameters_stay_as_they_were_written() {
        let url = |query: &str| ListUrl { base: "http://h/api/customers/".to_owned(), query: query.to_owned() };
        assert_eq!(url("").at(2), "http://h/api/customers/?page=2");
        assert_eq!(url("search=a%20b&page=3&page_size=5").at(4), "http://h/api/customers/?search=a%20b&page_size=5&page=4");
        assert_eq!(url("page=2").at(1), "http://h/api/customers/");
    }
}
