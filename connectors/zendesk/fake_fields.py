"""The fake's ticket fields: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/."""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, Problem, invalid, json_answer, not_found
from connectors.zendesk.fake_seed import SeedField, SeedOption
from connectors.zendesk.fake_state import Object, TicketField

TYPES = ("checkbox", "date", "decimal", "integer", "multiselect", "partialcreditcard", "regexp", "tagger", "text", "textarea")
CHOSEN = ("multiselect", "tagger")


async def list_fields(call: Call) -> Response:
    return call.page("ticket_fields", [call.view.field(one) for one in call.world.fields])


async def get_field(call: Call) -> Response:
    return json_answer({"ticket_field": call.view.field(_field(call))})


async def create_field(call: Call) -> Response:
    call.only("admin")
    made = call.world.add_field(_wanted(call.part("ticket_field"), SeedField(title="", type="")))
    shown = call.view.field(made)
    return json_answer({"ticket_field": shown}, 201, {"Location": str(shown["url"])})


async def update_field(call: Call) -> Response:
    """The type stays what it is."""
    call.only("admin")
    one = _field(call)
    one.seed = _wanted({**call.part("ticket_field"), "type": one.type}, one.seed)
    one.title = one.seed.title
    return json_answer({"ticket_field": call.view.field(one)})


async def delete_field(call: Call) -> Response:
    call.only("admin")
    one = _field(call)
    if not one.removable:
        raise Problem(403, {"error": "Forbidden", "description": "System fields cannot be deleted"})
    call.world.fields.remove(one)
    return Response(status_code=204)


def _field(call: Call) -> TicketField:
    found = next((one for one in call.world.fields if one.id == call.number()), None)
    if found is None:
        raise not_found()
    return found


def _wanted(given: Object, before: SeedField) -> SeedField:
    """What the field is then; what is not given stays as it was."""
    title, kind = str(given.get("title") or before.title), str(given.get("type") or before.type)
    if not title:
        raise invalid({"title": ["Title: cannot be blank"]}, "BlankValue")
    if kind != before.type and kind not in TYPES:
        raise invalid({"type": [f"Type: {kind or 'blank'} is not a valid field type"]})
    options = _options(given["custom_field_options"]) if "custom_field_options" in given else before.options
    if kind in CHOSEN and not options:
        raise invalid({"custom_field_options": ["Custom field options: cannot be blank"]}, "BlankValue")
    regexp, tag = given.get("regexp_for_validation", before.regexp), given.get("tag", before.tag)
    active = given.get("active", before.active) is not False
    return SeedField(title=title, type=kind, options=options, regexp=_text(regexp), tag=_text(tag), active=active)


def _text(value: JsonValue) -> str | None:
    return None if value is None else str(value)


def _options(value: JsonValue) -> tuple[SeedOption, ...]:
    rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(SeedOption(name=str(one.get("name")), value=str(one.get("value"))) for one in rows)
