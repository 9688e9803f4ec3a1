//! The OpenAPI document: what the handlers say, and what all operations have in common.

mod merged;
pub(crate) mod strict;
pub(crate) mod texts;

use poem::{Endpoint, EndpointExt, IntoEndpoint, Response};
use poem_openapi::registry::Registry;
use poem_openapi::types::Type;
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::{Map, Value, json};

use crate::problem::{CONTENT_TYPE, ProblemDocument};
use crate::rest;
use merged::Merged;
use strict::Parameters;

const DESCRIPTION: &str = "An event-sourced customer platform. Every answer carries `Kith-Position`, the position in the log that it \
is at least as of; `min_position` on a GET waits for one. A parameter that an operation does not have is refused, and one that is given \
twice. A write answers once the read models show it. Whatever goes wrong is a problem document (RFC 9457) with a stable `code`, one \
sentence in `error`, and `errors` by field.";

/// All operations, each with the parameters that it is held to.
fn open_api(declared: Parameters) -> OpenApiService<Merged<rest::Api>, ()> {
    OpenApiService::new(Merged::new(rest::api(), declared), "Kith", env!("CARGO_PKG_VERSION")).description(DESCRIPTION)
}

/// The endpoint with every operation, which keeps to what the document says.
pub fn service(document: &Value) -> impl Endpoint<Output = Response> + 'static {
    let declared = Parameters::of(document, &Merged::<rest::Api>::meta());
    open_api(declared).into_endpoint().map_to_response()
}

/// The page that shows the document.
#[must_use]
pub fn page(document: &str) -> String {
    let service = open_api(Parameters::default());
    service.swagger_ui_html().replace(&service.spec(), document).replace("<title>Swagger UI", "<title>Kith")
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut document: Value = serde_json::from_str(&open_api(Parameters::default()).spec()).unwrap_or_default();
    document["components"]["securitySchemes"] =
        json!({ "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token." } });
    document["servers"] = json!([{ "url": "/" }]);
    // The macro leaves out schemas that no handler's own answer names.
    document["components"]["schemas"]["Problem"] = problem_schema();
    let bodies = each_operation(&mut document);
    for name in bodies {
        if let Some(schema) = document["components"]["schemas"].get_mut(&name) {
            schema["additionalProperties"] = Value::Bool(false);
            // The macro writes what an example does not give as `null`, which few members may be.
            if let Some(example) = schema["example"].as_object_mut() {
                example.retain(|_, member| !member.is_null());
            }
        }
    }
    document
}

fn problem_schema() -> Value {
    let mut registry = Registry::new();
    <ProblemDocument as Type>::register(&mut registry);
    registry.schemas.get("Problem").and_then(|schema| serde_json::to_value(schema).ok()).unwrap_or_default()
}

/// Says in every operation what all have in common; gives the names of the schemas that are bodies of requests.
fn each_operation(document: &mut Value) -> Vec<String> {
    let mut bodies = vec!["EarningRule".to_owned()];
    let Some(items) = document["paths"].as_object_mut() else { return bodies };
    for (path, item) in items {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let traits = Traits::of(path, method, operation);
            add_parameters(operation, &traits);
            add_responses(operation, &traits);
            if traits.secured {
                operation["security"] = json!([{ "token": [] }]);
            }
            let schema = operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str);
            bodies.extend(schema.and_then(|name| name.rsplit('/').next()).map(str::to_owned));
        }
    }
    bodies
}

/// What decides which parameters and answers an operation has.
struct Traits {
    /// Reads.
    get: bool,
    /// Takes a body.
    body: bool,
    /// Names things that may not be there: in its path, in its body, or an agent.
    names: bool,
    /// Is about one thing with a version.
    versioned: bool,
    /// Needs a token.
    secured: bool,
    /// Is about a tenant's data.
    tenant: bool,
    /// Has nothing to do with data.
    health: bool,
    /// Has pages.
    paged: bool,
    /// Is about a customer who may have been forgotten, and says so.
    gone: bool,
}

impl Traits {
    fn of(path: &str, method: &str, operation: &Value) -> Self {
        let get = method == "get";
        let health = path.starts_with("/health");
        let item = path.contains("{id}");
        let has =
            |name: &str| operation["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == name);
        let paged = has("page");
        let gone = path.contains("/customers/{id}/");
        let public = health || ["/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/logout/"].contains(&path);
        let view = path.starts_with("/api/v1/");
        let many = ["/points/", "/history/", "/messages/"].iter().any(|list| path.ends_with(list));
        let one = item && !view && !many;
        let body = operation.get("requestBody").is_some();
        Self {
            get,
            body,
            names: item || has("agent") || body && !public,
            versioned: one || path == "/api/tenant/",
            secured: !public,
            tenant: !public && !path.starts_with("/api/auth/") && path != "/api/tenants/",
            health,
            paged,
            gone,
        }
    }
}

fn header(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema })
}

fn add_parameters(operation: &mut Value, traits: &Traits) {
    let mut common = Vec::new();
    let text = |most: u64| json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": "^[!-~]+$" });
    let tag = json!({ "type": "string", "pattern": r#"^(\*|"[0-9]{1,18}(-[0-9a-f]{16})?")$"#, "example": "\"7\"" });
    if traits.tenant {
        common.push(header("X-Tenant-ID", "The tenant to work for: for the platform's operators only.", text(64)));
    }
    if traits.secured && traits.get {
        let description = "Waits until the read models have reached this position, at most two seconds.";
        common.push(json!({ "name": "min_position", "in": "query", "required": false, "description": description,
            "schema": { "type": "integer", "format": "int64", "minimum": 0 } }));
    }
    if traits.versioned && traits.get {
        let description = "What the client has (`ETag`): the answer has no body if it would be that one.";
        common.push(header("If-None-Match", description, tag.clone()));
    }
    if traits.secured && !traits.get {
        let description = "A request with the same key has its effect once; its repeat gets the first answer, for 24 hours.";
        common.push(header("Idempotency-Key", description, text(200)));
        let description = "`respond-async`: answer as soon as it is recorded, before the read models show it.";
        common.push(header("Prefer", description, json!({ "type": "string", "example": "respond-async" })));
    }
    if traits.versioned && !traits.get {
        let description =
            "The version (`ETag`, or the part before its dash) that must be the present one; otherwise nothing is done.";
        common.push(header("If-Match", description, tag.clone()));
    }
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.extend(common),
        None if common.is_empty() => {
            operation.as_object_mut().map(|operation| operation.remove("parameters"));
        }
        None => operation["parameters"] = common.into(),
    }
}

fn add_responses(operation: &mut Value, traits: &Traits) {
    let versioned = traits.versioned;
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut() {
        add_headers(response, versioned && status != "204");
    }
    if traits.health {
        return;
    }
    if versioned && traits.get {
        responses.insert("304".to_owned(), json!({ "description": "The client has the present body." }));
    }
    let wanted = [
        ("400", true, "A field or a parameter is wrong, or the request cannot be read."),
        ("401", true, "There is no valid token, or what was shown instead of one does not fit."),
        ("403", traits.secured, "The role does not allow it, or the tenant is another."),
        ("404", traits.names || traits.paged || versioned, "There is no such thing in this tenant, or no such page."),
        ("408", true, "The request took too long."),
        ("409", traits.secured && !traits.get, "It contradicts what is there, or somebody else was faster."),
        ("410", traits.gone, "The customer was forgotten: nothing is left, at no time."),
        ("412", versioned && !traits.get, "The version is not the one that `If-Match` asks for."),
        ("413", true, "The body is too large."),
        ("415", traits.body, "The body is of a type that is not accepted."),
        ("422", traits.secured && !traits.get, "The idempotency key was used for another request."),
        ("429", true, "Too many requests."),
        ("500", true, "A mistake in the service."),
        ("503", true, "The log or the read models cannot be reached, or are not there yet."),
    ];
    for (status, _, description) in wanted.into_iter().filter(|(_, wanted, _)| *wanted) {
        let code = status.parse::<u16>().unwrap_or_default();
        let mut response = json!({
            "description": description,
            "content": { CONTENT_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" }, "example": example(code) } },
        });
        add_headers(&mut response, false);
        if matches!(code, 429 | 503) {
            let schema = json!({ "type": "integer", "minimum": 1 });
            response["headers"]["Retry-After"] = json!({ "description": "Seconds to wait.", "schema": schema });
        }
        responses.entry(status).or_insert(response);
    }
}

fn add_headers(response: &mut Value, versioned: bool) {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let mut headers = Map::new();
    let position = json!({ "type": "integer", "format": "int64", "minimum": 0 });
    headers.insert(
        "Kith-Position".to_owned(),
        json!({ "description": "The position that the answer is at least as of.", "schema": position }),
    );
    headers.insert("X-Request-Id".to_owned(), text("Names the request in the service's logs."));
    if versioned {
        headers.insert(
            "ETag".to_owned(),
            text("The version of what the answer shows, a dash, and what tells its body from others."),
        );
    }
    match response["headers"].as_object_mut() {
        Some(known) => known.extend(headers),
        None => response["headers"] = headers.into(),
    }
}

fn example(status: u16) -> Value {
    let (code, title, error) = match status {
        400 => ("customer.invalid", "Refused", "Name is required"),
        401 => ("auth.unauthenticated", "Not signed in", "A valid access token is needed."),
        403 => ("auth.forbidden", "Not allowed", "A viewer may not do this."),
        404 => ("request.not_found", "Not found", "Not found."),
        408 => ("request.timeout", "Request took too long", "The request took too long."),
        409 => ("customer.email_taken", "Refused", "Customer with this email already exists"),
        410 => ("customer.forgotten", "Refused", "Customer was forgotten"),
        412 => ("version.mismatch", "Changed in the meantime", "This was changed in the meantime: its version is 8."),
        413 => ("request.too_large", "Body too large", "The body has more than 1 MiB."),
        415 => ("request.unsupported_media_type", "Unsupported media type", "The body must be application/json."),
        422 => ("idempotency.key_reused", "Idempotency key reused", "This Idempotency-Key was used for another request."),
        429 => ("rate_limit.exceeded", "Too many requests", "Too many requests; wait before the next one."),
        503 => ("service.unavailable", "Service unavailable", "The log cannot take this at the moment."),
        _ => ("service.internal", "Internal error", "Something went wrong here."),
    };
    json!({
        "type": format!("urn:kith:problem:{code}"), "title": title, "status": status, "detail": error,
        "instance": "/api/customers/", "code": code, "correlation_id": "0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11", "error": error,
    })
}
