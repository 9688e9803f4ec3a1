//! What is where: the path of each operation, and the methods that each path has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use poem::http::Method;
use serde_json::Value;

/// The paths of the service, for logs, for metrics, and for requests with a method that a path does not have.
#[derive(Debug, Default)]
pub struct Table {
    operations: HashMap<String, String>,
    methods: BTreeMap<String, BTreeSet<String>>,
}

impl Table {
    /// What the document describes.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut table = Self::default();
        let items = document["paths"].as_object().into_iter().flatten();
        for (path, item) in items {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if let Some(operation) = operation["operationId"].as_str() {
                    table.operations.insert(operation.to_owned(), path.clone());
                }
                table.allow(path, &method.to_uppercase());
            }
        }
        table
    }

    /// Adds a path that the document does not describe, and the operation of that name there.
    pub fn add_operation(&mut self, operation: &str, path: &str, methods: &[Method]) {
        self.operations.insert(operation.to_owned(), path.to_owned());
        self.add(path, methods);
    }

    /// Adds a path that the document does not describe, and that no log line names.
    pub fn add(&mut self, path: &str, methods: &[Method]) {
        for method in methods {
            self.allow(path, method.as_str());
        }
    }

    /// The path of an operation, with the names of its variables.
    #[must_use]
    pub fn path(&self, operation: &str) -> Option<&str> {
        self.operations.get(operation).map(String::as_str)
    }

    /// The methods of the path that a request asks for, as the header `Allow` names them; none where there is nothing.
    #[must_use]
    pub fn allowed(&self, path: &str) -> String {
        let fitting = self.methods.iter().filter(|(pattern, _)| fits(pattern, path));
        // As the routes do: a part that is meant as it stands comes before a variable.
        let nearest = fitting.min_by_key(|(pattern, _)| pattern.matches('{').count());
        nearest.map(|(_, methods)| methods.iter().map(String::as_str).collect::<Vec<_>>().join(", ")).unwrap_or_default()
    }

    fn allow(&mut self, path: &str, method: &str) {
        let methods = self.methods.entry(path.to_owned()).or_default();
        methods.insert(method.to_owned());
        if method == Method::GET.as_str() {
            // Whatever can be got can be asked for without its body.
            methods.insert(Method::HEAD.to_string());
        }
    }
}

/// Whether a path is of a pattern, with or without the trailing slash.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.trim_end_matches('/').split('/'), path.trim_end_matches('/').split('/'));
    let same = |(wanted, part): (&str, &str)| if wanted.starts_with('{') { !part.is_empty() } else { wanted == part };
    pattern.clone().count() == path.clone().count() && pattern.zip(path).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_know_their_methods() {
        let mut table = Table::default();
        table.add_operation("getThing", "/things/{id}/", &[Method::GET]);
        table.add("/things/{id}/", &[Method::DELETE]);
        table.add("/things/all/", &[Method::POST]);
        assert_eq!(table.path("getThing"), Some("/things/{id}/"));
        assert_eq!(table.allowed("/things/7"), "DELETE, GET, HEAD");
        assert_eq!(table.allowed("/things/all/"), "POST");
        for nothing in ["/things/", "/things//", "/things/7/8/", "/"] {
            assert_eq!(table.allowed(nothing), "", "{nothing}");
        }
    }
}
