"""Everything that a script meets, described once. `as_json` is what editors read."""

from pydantic import JsonValue

from rules.host.described_children import ATTACHMENTS, COMMENTS, WORK_LOGS
from rules.host.described_node import NODE
from rules.host.described_sync import DEBUG, FUNCTIONS, HTTP, LOG, SERVICE_DESK, SYNC, USERS, WORKFLOW
from rules.host.described_values import SHAPES, VARIABLES
from rules.host.description import Call, Field, Helper
from rules.host.not_offered import AREAS

HELPERS = (NODE, COMMENTS, ATTACHMENTS, WORK_LOGS, SYNC, WORKFLOW, USERS, SERVICE_DESK, HTTP, DEBUG, LOG, FUNCTIONS)


def as_json() -> dict[str, JsonValue]:
    """Variables, shapes, helpers and what is not offered."""
    return {
        "variables": [{"name": one.name, "type": one.type, "in": one.when, "description": one.says} for one in VARIABLES],
        "shapes": [
            {"name": one.name, "description": one.says, "free": one.free, "fields": [_field(each) for each in one.fields]} for one in SHAPES
        ],
        "helpers": [_helper(one) for one in HELPERS if one.name],
        "functions": [_call(one) for one in FUNCTIONS.calls],
        "not_offered": [{"code": one.code, "what": one.what, "instead": one.instead} for one in AREAS],
    }


def _field(one: Field) -> JsonValue:
    return {"name": one.name, "type": one.type, "description": one.says, "platforms": list(one.platforms)}


def _helper(one: Helper) -> JsonValue:
    return {"name": one.name, "description": one.says, "methods": [_call(each) for each in one.calls]}


def _call(one: Call) -> JsonValue:
    return {
        "name": one.name,
        "signature": one.signature,
        "parameters": [{"name": each.name, "type": each.type, "optional": each.optional} for each in one.parameters],
        "result": one.result,
        "description": one.says,
        "errors": one.errors,
        "example": one.example,
        "in": one.when,
        "asks": one.asks,
    }
