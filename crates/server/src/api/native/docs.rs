//! `/docs`: the OpenAPI document for people, as one page without scripts.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use crate::redirect::POLICY;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#d7dce1;--soft:#f4f6f8;--ink:#1b2127;--mute:#5a6672;--teal:#0b7285}\
*{box-sizing:border-box}body{margin:0;font:15px/1.55 system-ui,sans-serif;color:var(--ink);background:#fff}\
nav{position:fixed;inset:0 auto 0 0;width:17rem;overflow:auto;padding:1.25rem 1rem 3rem;background:var(--soft);\
border-right:1px solid var(--line);font-size:14px}nav h2{font-size:13px;margin:1.1rem 0 .2rem;color:var(--mute)}\
nav a{display:block;padding:.1rem 0;color:inherit;text-decoration:none}nav a:hover{text-decoration:underline}\
main{margin-left:17rem;padding:2rem 2.5rem 6rem;max-width:64rem}h1{margin-top:0}a{color:var(--teal)}\
section,article{scroll-margin-top:1rem}article{border-top:1px solid var(--line);padding:1.2rem 0}\
h3{margin:0 0 .3rem;font-size:1.1rem}.path{font:600 13px ui-monospace,monospace;overflow-wrap:anywhere}\
.path b{display:inline-block;min-width:4.2em;color:var(--teal)}table{border-collapse:collapse;width:100%;font-size:14px;\
margin:.4rem 0}td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}\
th{font-weight:600;color:var(--mute)}td:first-child,td:nth-child(2){white-space:nowrap}code,pre{font:13px/1.5 ui-monospace,monospace}\
pre{background:var(--soft);padding:.8rem 1rem;overflow:auto;border-radius:6px}summary{cursor:pointer;color:var(--teal)}\
h4{margin:.9rem 0 .2rem;font-size:14px}.mute{color:var(--mute)}@media(max-width:800px){nav{position:static;width:auto;max-height:40vh;\
border:0}main{margin:0;padding:1.2rem}td,th{white-space:normal!important}}@media(prefers-color-scheme:dark){\
:root{--line:#30373f;--soft:#1a1f25;--ink:#e4e8ec;--mute:#98a4b0;--teal:#4fc3cc}body{background:#12161a}}";

/// The whole page.
pub(super) fn page(document: &OpenApi) -> Response {
    let document = serde_json::to_value(document).unwrap_or_default();
    let html = Html(whole(&document).into_string());
    let policy = HeaderValue::from_static(POLICY);
    ([(header::CONTENT_SECURITY_POLICY, policy)], html).into_response()
}

fn whole(document: &Value) -> Markup {
    let tags = list(&document["tags"]);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Waypost's API" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav {
                    strong { a href="#top" { "Waypost's API" } }
                    @for tag in tags {
                        h2 { (text(&tag["name"])) }
                        @for call in calls(document, text(&tag["name"])) {
                            a href={ "#" (call.id()) } { (text(&call.said["summary"])) }
                        }
                    }
                    h2 { "Shapes" }
                    @for (name, _) in object(&document["components"]["schemas"]) {
                        a href={ "#shape-" (name) } { (name) }
                    }
                }
                main #top {
                    h1 { "Waypost's API " span.mute { (text(&document["info"]["version"])) } }
                    (paragraphs(&document["info"]["description"]))
                    p { "For programs: " a href="/openapi.json" { "openapi.json" } " (OpenAPI 3.1)." }
                    @for tag in tags {
                        section {
                            h2 { (text(&tag["name"])) }
                            p.mute { (text(&tag["description"])) }
                            @for call in calls(document, text(&tag["name"])) {
                                (call.article(document))
                            }
                        }
                    }
                    section {
                        h2 { "Shapes" }
                        @for (name, schema) in object(&document["components"]["schemas"]) {
                            article #{ "shape-" (name) } {
                                h3 { (name) }
                                (paragraphs(&schema["description"]))
                                (properties(schema))
                                (example(&schema["example"]))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One operation with where it stands.
struct Call<'d> {
    method: &'d str,
    path: &'d str,
    said: &'d Value,
}

/// The operations of a group, in the document's order.
fn calls<'d>(document: &'d Value, tag: &'d str) -> impl Iterator<Item = Call<'d>> {
    object(&document["paths"]).flat_map(move |(path, item)| {
        let of_tag = move |(_, said): &(&String, &Value)| said["tags"][0] == *tag;
        object(item).filter(of_tag).map(move |(method, said)| Call { method, path, said })
    })
}

impl Call<'_> {
    fn id(&self) -> &str {
        text(&self.said["operationId"])
    }

    fn article(&self, document: &Value) -> Markup {
        let body = &self.said["requestBody"]["content"]["application/json"]["schema"];
        html! {
            article #(self.id()) {
                h3 { (text(&self.said["summary"])) }
                p.path { b { (self.method.to_uppercase()) } (self.path) }
                (paragraphs(&self.said["description"]))
                @if !list(&self.said["parameters"]).is_empty() {
                    h4 { "Parameters" }
                    table {
                        @for it in list(&self.said["parameters"]) {
                            tr {
                                td { code { (text(&it["name"])) } @if it["required"] == true { " *" } }
                                td.mute { (text(&it["in"])) ", " (kind(&it["schema"])) }
                                td { (inline(text(&it["description"]))) }
                            }
                        }
                    }
                }
                @if !body.is_null() {
                    h4 { "Body: " (kind(body)) }
                    (example(&resolved(document, body)["example"]))
                }
                h4 { "Answers" }
                table {
                    @for (status, answer) in object(&self.said["responses"]) {
                        tr {
                            td { code { (status) } }
                            td { (kind(content(answer))) }
                            td { (text(&answer["description"])) }
                        }
                    }
                }
            }
        }
    }
}

/// The schema of what an answer holds.
fn content(answer: &Value) -> &Value {
    object(&answer["content"]).next().map_or(&Value::Null, |(_, content)| &content["schema"])
}

/// What a schema's `$ref` stands for, through the lists and nulls around it.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match reference(schema) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

/// The name of the shape that a schema is, or may be.
fn reference(schema: &Value) -> Option<&str> {
    let own = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    own.or_else(|| list(&schema["oneOf"]).iter().find_map(reference))
}

/// A schema in a few words.
fn kind(schema: &Value) -> Markup {
    if schema.is_null() {
        return html! { "nothing" };
    }
    let link = |name: &str| html! { a href={ "#shape-" (name) } { (name) } };
    let parts: Vec<&Value> = list(&schema["oneOf"]).iter().chain(list(&schema["allOf"])).collect();
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().map(text).collect(),
        _ => Vec::new(),
    };
    html! {
        @if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            (link(name))
        } @else if !parts.is_empty() {
            @for (i, part) in parts.iter().enumerate() {
                @if 0 < i { " or " }
                (kind(part))
            }
        } @else if types.contains(&"array") {
            "list of " (kind(&schema["items"]))
            @if types.contains(&"null") { " or null" }
        } @else if types.is_empty() {
            "anything"
        } @else {
            (types.join(" or "))
        }
    }
}

fn properties(schema: &Value) -> Markup {
    let required = list(&schema["required"]);
    html! {
        @for part in list(&schema["oneOf"]).iter().chain(list(&schema["allOf"])) {
            @if part["properties"].is_object() { (properties(part)) } @else { p { (kind(part)) } }
        }
        @if schema["properties"].is_object() {
            table {
                @for (name, property) in object(&schema["properties"]) {
                    tr {
                        td { code { (name) } @if required.contains(&Value::from(name.as_str())) { " *" } }
                        td.mute { (kind(property)) }
                        td {
                            (inline(text(&property["description"])))
                            @if let Some(values) = property["enum"].as_array() {
                                " One of "
                                @for (i, value) in values.iter().enumerate() {
                                    @if 0 < i { ", " }
                                    code { (value.as_str().map_or_else(|| value.to_string(), str::to_owned)) }
                                }
                                "."
                            }
                        }
                    }
                }
            }
        }
    }
}

fn example(example: &Value) -> Markup {
    let pretty = serde_json::to_string_pretty(example).unwrap_or_default();
    html! {
        @if !example.is_null() {
            details open[pretty.len() < 400] { summary { "Example" } pre { (pretty) } }
        }
    }
}

fn paragraphs(value: &Value) -> Markup {
    html! { @for part in text(value).split("\n\n") { @if !part.is_empty() { p { (inline(part)) } } } }
}

/// Text in which backquotes mark code.
fn inline(text: &str) -> Markup {
    html! {
        @for (i, part) in text.split('`').enumerate() {
            @if i % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
