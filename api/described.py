"""The OpenAPI document, completed with what holds for every route: refusals, headers and examples.

A route declares its success; what it can refuse follows from its shape, so that nobody has to list it.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from api.access import SCHEME
from api.examples import example, parameter_example
from api.problems import SCHEMAS, answers
from api.repeats import HEADER, LONGEST_KEY
from api.versioned import PREFIX

BY_FASTAPI = ("HTTPValidationError", "ValidationError")

Document = dict[str, Any]

REPEATABLE: Document = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A random text; the same request under the same key takes effect once within 24 hours",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}


class Described(FastAPI):
    """An app that tells all of its answers."""

    def openapi(self) -> Document:
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def completed(document: Document) -> Document:
    """The document with the refusals and examples of every operation; it is changed in place."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in BY_FASTAPI:
        schemas.pop(name, None)
    schemas.update(SCHEMAS)
    document["components"]["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith(PREFIX):
                if method == "post":
                    operation.setdefault("parameters", []).append({**REPEATABLE})
                refusals = answers(*_refusals(path, method, operation))
                operation["responses"] = dict(sorted({**operation["responses"], **_unchanged(operation), **refusals}.items()))
            _exemplify(operation, schemas)
    return document


def _unchanged(operation: Document) -> Document:
    return {"304": {"description": "The caller has the newest answer."}} if _takes(operation, "if-none-match") else {}


def _takes(operation: Document, header: str) -> bool:
    return any(one["in"] == "header" and one["name"] == header for one in operation.get("parameters", ()))


def _refusals(path: str, method: str, operation: Document) -> Iterator[int]:
    """Statuses of problem documents that an operation of this shape can answer."""
    yield from (401, 403, 429)
    if "{" in path:
        yield 404
    if method != "get":
        yield from (400, 409, 422, 503)
    elif operation.get("parameters"):
        yield from (400, 422)
    if "requestBody" in operation:
        yield 413
    if _takes(operation, "if-match"):
        yield 412


def _exemplify(operation: Document, schemas: Document) -> None:
    for parameter in operation.get("parameters", ()):
        shown = parameter_example(parameter, schemas)
        if shown is not None:
            parameter["example"] = shown
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in (*bodies, *operation["responses"].values()):
        for content in body.get("content", {}).values():
            content["example"] = example(content["schema"], schemas)
