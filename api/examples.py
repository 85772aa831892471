"""Sample values for the OpenAPI document, made from its schemas: what Acme would send and get.

A field's own `examples` come first, then what `SAMPLES` has for the schema or for the field, then its default or its closed set. A new
route needs nothing here unless `acme` says too little.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Schema = Mapping[str, Any]

LEFT_ITEM = {"id": "10001", "key": "APP-1", "url": "https://acme.atlassian.net/browse/APP-1"}
RIGHT_ITEM = {"id": "2001", "key": "acme/app#1", "url": "https://github.com/acme/app/issues/1"}

SAMPLES: Mapping[str, object] = MappingProxyType(
    {
        "AuditEntry.hash": "9f2b6f3e0c1d4a7fb8e5d6c3a2910f4e7b8c9d0a1e2f3b4c5d6e7f8091a2b3c4",
        "AuditEntry.key_id": "5e1f09ab",
        "AuditEntry.previous": "4d1e8a7c2b3f5069d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a39281706f5e4d3c2b",
        "Chain": {"workspace": "acme", "entries": 42, "last": "9f2b6f3e0c1d4a7fb8e5d6c3a2910f4e7b8c9d0a1e2f3b4c5d6e7f8091a2b3c4"},
        "Conflict.left": "High",
        "Conflict.right": "Low",
        "Conflict.subject": "priority",
        "Deployment": {
            "workspace": "acme",
            "systems": {
                "acme-jira": {
                    "kind": "jira",
                    "url": "https://acme.atlassian.net",
                    "credentials": {"user": "bot@acme.test", "token": "acme-token"},
                }
            },
        },
        "Difference.details": ["url: https://acme.atlassian.net"],
        "Difference.name": "acme-jira",
        "ItemRef": LEFT_ITEM,
        "Permission.name": "Browse projects",
        "ProblemDetails.problems": [],
        "RelinkRequest.left": "APP-1",
        "RelinkRequest.right": "acme/app#1",
        "SideConfiguration.incoming": "issue.summary = replica.summary",
        "SideConfiguration.outgoing": "replica.summary = issue.summary",
        "SideConfiguration.settings": {"project": "APP"},
        "StoredConflict.id": 7,
        "System.id": "acme-jira",
        "Transaction.id": 42,
        "Transaction.version": 3,
        "Twin.id": "tw4k7m2p9q",
        "Twin.right": RIGHT_ITEM,
        "Twin.title": "Log-in fails on Mondays",
        "account": "bot@acme.test",
        "conflict": 7,
        "connection": "app-bugs",
        "detail": "there is no connection 'app-bug'; known are app-bugs",
        "id": "app-bugs",
        "integration": "jira-github",
        "item": "APP-1",
        "kind": "jira",
        "left_system": "acme-jira",
        "message": "there is no kind 'jirra'; known are github, jira",
        "name": "app-bugs",
        "place": "systems.acme-jira.kind",
        "platform": "Jira Cloud",
        "query": "project = APP AND labels = sync",
        "queue": 0,
        "reason": "",
        "right_system": "acme-github",
        "scope": "APP",
        "summary": "2 fields written",
        "system": "acme-jira",
        "title": "Not Found",
        "twin": "tw4k7m2p9q",
        "twins": {"synchronized": 12, "error": 1},
        "url": "https://acme.atlassian.net",
        "who": "ann@acme.test",
        "workflow": "twin/app-bugs/left/10001",
        "workspace": "acme",
    }
)

FORMATS: Mapping[str, str] = MappingProxyType(
    {"date-time": "2026-03-02T08:15:00Z", "date": "2026-03-02", "uri": "https://acme.test", "password": "acme-token"}
)

ANYTHING = "acme"


def example(schema: Schema, schemas: Schema, field: str = "", inside: tuple[str, ...] = ()) -> object:
    """A value of that schema. `field` is what holds it, `inside` the named schemas around it: none is given within itself."""
    owner = inside[-1] if inside else ""
    if f"{owner}.{field}" in SAMPLES:
        return SAMPLES[f"{owner}.{field}"]
    if "$ref" in schema:
        named = str(schema["$ref"]).rsplit("/", 1)[-1]
        return {} if named in inside else example(schemas[named], schemas, field, (*inside, named))
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        return SAMPLES.get(owner) or {name: example(one, schemas, name, inside) for name, one in schema["properties"].items()}
    if field in SAMPLES and _fits(SAMPLES[field], schema):
        return SAMPLES[field]
    return _plain(schema, schemas, field, inside)


def parameter_example(parameter: Schema, schemas: Schema) -> object:
    """None for a parameter that is best left out."""
    schema = parameter["schema"]
    if not parameter.get("required") and not schema.get("default"):
        return None
    return example(schema, schemas, str(parameter["name"]))


def _plain(schema: Schema, schemas: Schema, field: str, inside: tuple[str, ...]) -> object:
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example(schema[key][0], schemas, field, inside)
    match schema.get("type"):
        case "array":
            items = schema.get("prefixItems") or ([schema["items"]] if "items" in schema else [])
            return [example(one, schemas, field, inside) for one in items]
        case "string":
            return FORMATS.get(str(schema.get("format")), ANYTHING)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return {}


def _fits(sample: object, schema: Schema) -> bool:
    kinds = {str(one.get("type")) for one in schema.get("anyOf", [schema])}
    match sample:
        case str():
            return "string" in kinds and not schema.keys() & {"enum", "format"}
        case int():
            return bool(kinds & {"integer", "number"})
        case _:
            return "object" in kinds
