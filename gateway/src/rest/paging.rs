//! Pages as the documents' clients know them: `count`, `next`, `previous`, `results`.

use percent_encoding::percent_decode_str;
use poem::http::header;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody};
use query_api::customers::as_of::AsOf;
use query_api::{Page, PageRequest};

use super::as_of;
use super::params::{PageNumber, Whole};
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
        self.changed("page", (page > 1).then_some(page))
    }

    /// The same list with another value of a parameter; every other parameter stays.
    #[must_use]
    pub fn with(&self, name: &str, value: u64) -> String {
        self.changed(name, Some(value))
    }

    /// As if the list had been asked for with another value of a parameter: so are its other pages.
    fn pinned(&self, name: &str, value: u64) -> Self {
        Self { base: self.base.clone(), query: self.query_with(name, Some(value)) }
    }

    /// The other pages of a list of the past are those of the same list, also where a time was given and the clock goes on.
    #[must_use]
    pub fn as_of(self, moment: Option<AsOf>) -> Self {
        match moment {
            Some(moment) => self.pinned(as_of::NAME, moment.position().0),
            None => self,
        }
    }

    fn changed(&self, name: &str, value: Option<u64>) -> String {
        let query = self.query_with(name, value);
        if query.is_empty() { self.base.clone() } else { format!("{}?{query}", self.base) }
    }

    fn query_with(&self, name: &str, value: Option<u64>) -> String {
        // However it is written.
        let is_it = |part: &str| percent_decode_str(part.split('=').next().unwrap_or_default()).decode_utf8_lossy() == name;
        let others = self.query.split('&').filter(|part| !part.is_empty() && !is_it(part)).map(str::to_owned);
        let parts: Vec<String> = others.chain(value.map(|value| format!("{name}={value}"))).collect();
        parts.join("&")
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

/// The page that the parameters ask for.
///
/// # Errors
/// The 400 problem; the parameters' own bounds leave none.
pub fn page_request<const MOST: u64, const DEFAULT: u64>(
    page: PageNumber,
    size: Whole<1, MOST, DEFAULT>,
) -> Result<PageRequest, Problem> {
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
        assert_eq!(url("page&after=1&afternoon=2").with("after", 7), "http://h/api/customers/?page&afternoon=2&after=7");
        assert_eq!(url("p%61ge=1&page_size=1").at(2), "http://h/api/customers/?page_size=1&page=2", "however it is written");
        let pinned = url("as_of=2024-01-20T15:45:00Z&page=2").pinned("as_of", 7);
        assert_eq!((pinned.at(1), pinned.at(3)), (url("as_of=7").at(1), url("as_of=7").at(3)));
    }
}
