//! Parameters of a URL that an operation does not declare are refused, and those that are given more than once: passed over, they would
//! be answered with something else than was asked for.

use std::collections::{HashMap, HashSet};

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt, Request, Response};
use poem_openapi::registry::MetaApi;
use serde_json::Value;

use super::texts;
use crate::live::named;
use crate::problem::{Kind, Problem};
use crate::words::shown;

/// The parameters that every operation declares for its URL, by path and method.
#[derive(Default)]
pub struct Parameters(HashMap<(String, Method), Declared>);

/// An operation and the parameters that it declares.
struct Declared {
    operation: &'static str,
    names: Vec<String>,
}

impl Parameters {
    /// What the document declares for these operations. One that foresees no wrong parameter (its document has no answer 400) is
    /// not held to anything.
    pub fn of(document: &Value, operations: &[MetaApi]) -> Self {
        let items = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
        let documented = items.flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
        let names: HashMap<&str, Vec<String>> = documented
            .filter(|one| one["responses"].get("400").is_some())
            .filter_map(|one| Some((one["operationId"].as_str()?, names(one))))
            .collect();
        let paths = operations.iter().flat_map(|api| &api.paths);
        let all = paths.flat_map(|path| path.operations.iter().map(|one| (place(&path.path), one)));
        let declared = all.filter_map(|(path, one)| {
            let operation = one.operation_id?;
            let names = names.get(operation)?.clone();
            Some(((path, one.method.clone()), Declared { operation, names }))
        });
        Self(declared.collect())
    }

    /// Holds the operation at a path to what it declares.
    pub fn hold(&mut self, path: &str, method: &Method, endpoint: BoxEndpoint<'static>) -> BoxEndpoint<'static> {
        match self.0.remove(&(place(path), method.clone())) {
            Some(Declared { operation, names }) => named(operation, Strict { endpoint, names }).boxed(),
            None => endpoint,
        }
    }
}

/// The names of the parameters that an operation declares for its URL.
fn names(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let of_url = parameters.filter(|parameter| parameter["in"] == "query");
    of_url.filter_map(|parameter| Some(parameter["name"].as_str()?.to_owned())).collect()
}

/// A path without the names of its variables, which the document and the routes call differently.
fn place(path: &str) -> String {
    let part = |part| if str::starts_with(part, [':', '{']) { "*" } else { part };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// An operation that refuses parameters of other names, and repeated ones: none that it declares is a list.
struct Strict {
    endpoint: BoxEndpoint<'static>,
    names: Vec<String>,
}

impl Endpoint for Strict {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        match refusal(&texts::parameters(&request)?, &self.names) {
            Some(problem) => Err(problem.into()),
            None => self.endpoint.call(request).await,
        }
    }
}

/// What is wrong with the parameters that are given, before a look at their values.
pub fn refusal(given: &[(String, String)], declared: &[String]) -> Option<Problem> {
    let mut seen = HashSet::new();
    let mut names = given.iter().map(|(name, _)| name);
    match names.clone().find(|name| !declared.contains(name)) {
        Some(name) => Some(unknown(name, declared)),
        None => names.find(|name| !seen.insert(*name)).map(|name| repeated(name)),
    }
}

fn repeated(name: &str) -> Problem {
    Problem::field(Kind::InvalidParameter, name, format!("The parameter {name:?} is given more than once."))
}

fn unknown(name: &str, declared: &[String]) -> Problem {
    let name = shown(name);
    let sentence = match declared {
        [] => format!("There is no parameter {name:?} here; this operation has none."),
        [only] => format!("There is no parameter {name:?} here; there is {only}."),
        [rest @ .., last] => format!("There is no parameter {name:?} here; there are {} and {last}.", rest.join(", ")),
    };
    Problem::field(Kind::InvalidParameter, &name, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_wrongly_is_told_what_there_is() {
        let said = |declared: &[&str]| {
            let declared: Vec<_> = declared.iter().map(|name| (*name).to_owned()).collect();
            unknown("as_off", &declared).sentence().to_owned()
        };
        assert_eq!(said(&[]), "There is no parameter \"as_off\" here; this operation has none.");
        assert_eq!(said(&["as_of"]), "There is no parameter \"as_off\" here; there is as_of.");
        assert_eq!(
            said(&["as_of", "page", "page_size"]),
            "There is no parameter \"as_off\" here; there are as_of, page and page_size."
        );
        let problem = unknown(&"\u{1f600}\n".repeat(100), &[]);
        assert_eq!(problem.errors().keys().map(|name| name.chars().count()).collect::<Vec<_>>(), [crate::words::MOST_SHOWN]);
    }

    #[test]
    fn variables_of_paths_have_no_names() {
        assert_eq!(place("/api/customers/{id}/points/"), place("/api/customers/:param1/points/"));
        assert_ne!(place("/api/customers/{id}/"), place("/api/customers/stats/"));
    }
}
