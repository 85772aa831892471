"""One call to the fake org, alone or within a composite one, and the form of its answers."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from pydantic import JsonValue

from connectors.salesforce.fake_schema import Column, Object, Table
from connectors.salesforce.fake_world import Stored, World


class Problem(Exception):
    """A refusal, in the array that Salesforce makes of it; `field` names what it is about."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields

    @property
    def fault(self) -> Object:
        told: Object = {"message": self.message, "errorCode": self.code}
        return told if self.fields is None else {**told, "fields": [*self.fields]}


@dataclass(frozen=True)
class Reply:
    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None


@dataclass(frozen=True)
class Call:
    """`path` are the parts of the address behind the version; `file` the bytes of a multipart body."""

    world: World
    user: str
    version: str
    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    payload: JsonValue = None
    file: tuple[str, bytes] | None = None

    @property
    def base(self) -> str:
        return f"/services/data/{self.version}"

    @property
    def body(self) -> Object:
        if not isinstance(self.payload, dict):
            raise Problem(400, "JSON_PARSER_ERROR", "Unexpected character: a JSON object was expected at [line:1, column:1]")
        return self.payload

    def table(self) -> Table:
        found = self.world.table(self.path[1])
        if found is None:
            raise not_found()
        return found

    def column(self, name: str) -> Column | None:
        return self.world.column(self.table(), name)

    def record(self, record_id: str) -> Stored:
        """404 both for what is absent and for what lies in the recycle bin."""
        found = self.world.get(record_id)
        if found is None or found.table is not self.table():
            raise not_found(f"Provided external ID field does not exist or is not accessible: {record_id}")
        if found.deleted:
            if self.method == "GET":
                raise not_found()
            raise Problem(404, "ENTITY_IS_DELETED", "entity is deleted", ())
        return found


Endpoint = Callable[[Call], Awaitable[Reply]]


def not_found(message: str = "The requested resource does not exist") -> Problem:
    return Problem(404, "NOT_FOUND", message)


def parsed(raw: bytes) -> JsonValue:
    try:
        return cast("JsonValue", json.loads(raw)) if raw else None
    except ValueError:
        raise Problem(400, "JSON_PARSER_ERROR", "Unexpected character at [line:1, column:1]") from None
