//! The REST routes as OpenAPI 3.1, made of the routes themselves and of the types that they take and answer.

use crate::error::{Error, Result};
use crate::router::routes;
use serde_json::{Map, Value, json};
use tripchat_protocol::rest::ErrorBody;
use utoipa::OpenApi;

/// What no single route answers.
#[derive(OpenApi)]
#[openapi(components(schemas(ErrorBody)))]
struct Shapes;

/// Requests by which nothing is made or done twice carry this (draft-ietf-httpapi-idempotency-key-header).
const KEY: &str = "Idempotency-Key";
const PLATFORM: &str = "/api/v1/platform/";
/// Its answer holds secrets, and is never given twice.
const UNNAMED: &str = "/api/v1/platform/people/{id}/token";

/// The document.
///
/// # Errors
/// If it cannot be written: a defect.
pub fn openapi() -> Result<Value> {
    let mut api = Shapes::openapi();
    api.merge(routes().into_openapi());
    let mut document = serde_json::to_value(api).map_err(|error| Error::internal(error.to_string()))?;
    let description = "The REST routes of a Tripchat server. The socket at /api/v1/ws, by which messages come and go, is \
                       described in docs/protocol.md; how a platform is connected, in docs/platform-api.md.";
    let licence = "MIT OR Apache-2.0";
    put(
        &mut document,
        "info",
        json!({
            "title": "Tripchat", "version": env!("CARGO_PKG_VERSION"), "description": description,
            "license": {"name": licence, "identifier": licence},
        }),
    );
    put(&mut document, "security", json!([{"person": []}]));
    if let Some(components) = document.get_mut("components") {
        put(components, "securitySchemes", callers());
        let schema = json!({"schema": {"$ref": "#/components/schemas/ErrorBody"}});
        let refused = json!({"description": "A refusal.", "content": {"application/json": schema}});
        put(components, "responses", json!({"Refused": refused}));
    }
    for (path, method, operation) in operations(&mut document) {
        if let Some(responses) = operation.get_mut("responses") {
            put(responses, "default", json!({"$ref": "#/components/responses/Refused"}));
        }
        if path.starts_with(PLATFORM) {
            operation.insert("security".into(), json!([{"service": []}]));
            if method == "post" && path != UNNAMED {
                name(operation);
            }
        }
    }
    Ok(document)
}

/// Who may call.
fn callers() -> Value {
    json!({
        "person": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The access token of a person's sign-in.",
        },
        "service": {
            "type": "http", "scheme": "bearer",
            "description": "The service token of a platform's backend: `tripchat-server tokens create`.",
        },
    })
}

/// Puts a field into an object.
fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.into(), value);
    }
}

/// Every operation with its path and its method.
fn operations(document: &mut Value) -> impl Iterator<Item = (String, String, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object_mut().into_iter().flatten();
        methods.filter_map(|(method, operation)| {
            Some((path.clone(), method.clone(), operation.as_object_mut()?))
        })
    })
}

/// The request names itself, and tells whether it was answered before.
fn name(operation: &mut Map<String, Value>) {
    let key = json!({
        "name": KEY, "in": "header", "required": true,
        "description": "The platform's own name for this request: sent again within a day, it is still done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(key),
        None => drop(operation.insert("parameters".into(), json!([key]))),
    }
    let replayed = json!({"idempotent-replayed": {
        "description": "`true` if it was answered before.",
        "schema": {"type": "string"},
    }});
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        if status.starts_with('2') {
            put(response, "headers", replayed.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_document_in_docs_is_what_the_routes_say() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
        let now = format!("{}\n", serde_json::to_string_pretty(&openapi().unwrap()).unwrap());
        if std::env::var("TRIPCHAT_BLESS").is_ok_and(|it| it == "1") {
            std::fs::write(&file, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap();
        assert!(kept == now, "docs/openapi.json is stale: cargo xtask bindings writes it anew");
    }

    #[test]
    fn it_is_openapi_3_1_and_whatever_it_names_is_there() {
        let document = openapi().unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let mut waiting = vec![&document];
        let mut named = 0;
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items),
                Value::Object(fields) => {
                    if let Some(Value::String(place)) = fields.get("$ref") {
                        named += 1;
                        let place = place.strip_prefix('#').unwrap();
                        assert!(document.pointer(place).is_some(), "{place} is not there");
                    }
                    waiting.extend(fields.values());
                }
                _ => {}
            }
        }
        assert!(named > 100);
    }

    #[test]
    fn every_operation_says_what_it_is_for_who_may_call_and_how_it_is_refused() {
        let mut document = openapi().unwrap();
        let mut names = std::collections::BTreeSet::new();
        for (path, method, operation) in operations(&mut document) {
            let what = format!("{method} {path}");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(summary.len() > 10 && !summary.contains("`GET") && !summary.contains("`POST"), "{what}");
            assert!(names.insert(operation["operationId"].to_string()), "{what}: the name is taken");
            assert!(operation["responses"]["default"].is_object(), "{what}");
            let service = operation.get("security") == Some(&json!([{"service": []}]));
            assert_eq!(service, path.starts_with(PLATFORM), "{what}");
            let keyed = operation.get("parameters").is_some_and(|it| it.to_string().contains(KEY));
            assert_eq!(keyed, service && method == "post" && path != UNNAMED, "{what}");
        }
    }

    /// Routes are made of what describes them, all but a socket, which is nothing that OpenAPI describes.
    #[test]
    fn no_route_goes_around_the_document() {
        let around: Vec<&str> = include_str!("router.rs").split(".route(").skip(1).collect();
        assert_eq!(around.len(), 1);
        assert!(around[0].starts_with("\"/ws\", get(gateway::upgrade))"));
    }
}
