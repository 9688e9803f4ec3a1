//! The commands of the bus, each with the operation of the REST interface that carries it out.

use poem::http::Method;

/// A command of the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its name in the subject.
    pub name: &'static str,
    /// The method of the operation.
    pub method: Method,
    /// The path of the operation; `{id}` stands for the member `id` of what is asked.
    pub path: &'static str,
    /// What else the operation takes.
    pub takes: Takes,
}

/// What an operation takes beside an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A body.
    Body,
    /// A body that names the tenant.
    BodyWithTenant,
}

const fn command(name: &'static str, method: Method, path: &'static str, takes: Takes) -> Command {
    Command { name, method, path, takes }
}

/// Every command there is.
pub const ALL: &[Command] = &[
    command("auth.sign_in", Method::POST, "/api/auth/token/", Takes::BodyWithTenant),
    command("auth.refresh", Method::POST, "/api/auth/token/refresh/", Takes::Body),
    command("customer.register", Method::POST, "/api/customers/", Takes::Body),
    command("customer.replace", Method::PUT, "/api/customers/{id}/", Takes::Body),
    command("customer.change", Method::PATCH, "/api/customers/{id}/", Takes::Body),
    command("customer.revert", Method::POST, "/api/customers/{id}/revert/", Takes::Body),
    command("customer.delete", Method::DELETE, "/api/customers/{id}/", Takes::Nothing),
    command("customer.restore", Method::POST, "/api/customers/{id}/restore/", Takes::Nothing),
    command("customer.forget", Method::POST, "/api/customers/{id}/forget/", Takes::Nothing),
    command("customer.update_points", Method::POST, "/api/customers/{id}/update_points/", Takes::Body),
    command("customer.record_order", Method::POST, "/api/customers/{id}/orders/", Takes::Body),
    command("customer.bulk_update", Method::POST, "/api/customers/bulk_update/", Takes::Body),
];

/// The command of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Command> {
    ALL.iter().find(|command| command.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_an_operation_of_the_rest_interface() {
        let document = crate::openapi::document();
        for Command { name, method, path, takes } in ALL {
            let operation = &document["paths"][path][method.as_str().to_lowercase()];
            assert!(operation["operationId"].is_string(), "{name}: {method} {path}");
            assert_eq!(operation["requestBody"].is_object(), *takes != Takes::Nothing, "{name}");
            assert_eq!(named(name).map(|command| command.path), Some(*path), "{name} is there twice");
        }
    }
}
