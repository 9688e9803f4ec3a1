//! All operations as one set: for the document, and as routes.

use std::collections::HashMap;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::registry::{MetaApi, MetaPath, Registry};

use super::strict::Parameters;

/// The operations with several methods of one path in one place, as the document needs them, and with the trailing slash that
/// the documents' clients use (the macro cuts it off). As routes, each refuses parameters that it does not declare.
pub struct Merged<A> {
    operations: A,
    declared: Parameters,
}

impl<A: OpenApi> Merged<A> {
    /// These operations, with the parameters that each declares.
    pub fn new(operations: A, declared: Parameters) -> Self {
        Self { operations, declared }
    }
}

impl<A: OpenApi> OpenApi for Merged<A> {
    fn meta() -> Vec<MetaApi> {
        let mut paths: Vec<MetaPath> = Vec::new();
        for mut path in A::meta().into_iter().flat_map(|api| api.paths) {
            path.path = with_slash(path.path);
            match paths.iter_mut().find(|known| known.path == path.path) {
                Some(known) => known.operations.extend(path.operations),
                None => paths.push(path),
            }
        }
        vec![MetaApi { paths }]
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(mut self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        let mut routes = HashMap::new();
        self.operations.add_routes(&mut routes);
        for (path, methods) in routes {
            let path = with_slash(path);
            let held = methods.into_iter().map(|(method, endpoint)| {
                let endpoint = self.declared.hold(&path, &method, endpoint);
                (method, endpoint)
            });
            let held = held.collect();
            table.insert(path, held);
        }
    }
}

fn with_slash(path: String) -> String {
    if path.starts_with("/api/") && !path.ends_with('/') { path + "/" } else { path }
}
