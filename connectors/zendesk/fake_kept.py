"""Objects of an account that the fake keeps as they were sent: organizations, memberships, macros, views, fields of people.

Each kind has the list, the object, and the ways to make, change and delete one, as
https://developer.zendesk.com/api-reference/ticketing/introduction/ has them for most objects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, Endpoint, invalid, json_answer, not_found
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Object, World

ROUTE = tuple[str, str, Endpoint]


@dataclass(frozen=True)
class Kind:
    """`needed` are properties that may not be empty, `unique` the one that no two may share; `check` raises Problem."""

    one: str
    many: str
    defaults: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    needed: tuple[str, ...] = ("name",)
    unique: str = ""
    check: Callable[[Call, Object], None] = lambda call, body: None
    editors: tuple[str, ...] = ("admin",)

    def rows(self, world: World) -> list[Object]:
        return [*world.kept.get(self.many, {}).values()]

    def shown(self, call: Call, body: Object) -> Object:
        return {"url": call.view.api(f"{self.many}/{body['id']}"), **body}

    def get(self, call: Call, number: int) -> Object:
        found = call.world.kept.get(self.many, {}).get(number)
        if found is None:
            raise not_found()
        return found

    def add(self, world: World, values: Mapping[str, JsonValue]) -> Object:
        now, number = time(world.clock.now()), world.next_kept()
        whole: Object = {"id": number, **self.defaults, **values, "created_at": now, "updated_at": now}
        world.kept.setdefault(self.many, {})[number] = whole
        return whole

    def made(self, call: Call, wanted: Object) -> Object:
        """A new one of what a caller sent."""
        body: Object = {**self.defaults, **_own(wanted)}
        self._require_sound(call, body, None)
        made = self.add(call.world, body)
        call.world.record(call.user.id, f"create {self.one.replace('_', ' ')}", _number(made), {})
        return made

    def changed(self, call: Call, body: Object, wanted: Object) -> Object:
        self._require_sound(call, {**body, **_own(wanted)}, body)
        body |= {**_own(wanted), "updated_at": time(call.world.clock.now())}
        call.world.record(call.user.id, f"update {self.one.replace('_', ' ')}", _number(body), {})
        return body

    def removed(self, call: Call, number: int) -> None:
        self.get(call, number)
        del call.world.kept[self.many][number]
        call.world.record(call.user.id, f"delete {self.one.replace('_', ' ')}", number, {})

    def _require_sound(self, call: Call, body: Object, before: Object | None) -> None:
        empty = [name for name in self.needed if body.get(name) in (None, "", [])]
        if empty:
            raise invalid({name: [f"{name.title()}: cannot be blank"] for name in empty}, "BlankValue")
        others = [one for one in self.rows(call.world) if one is not before]
        if self.unique and any(str(one.get(self.unique)).casefold() == str(body[self.unique]).casefold() for one in others):
            raise invalid({self.unique: [f"{self.unique.title()}: {body[self.unique]} has already been taken"]}, "DuplicateValue")
        self.check(call, body)


def _number(body: Object) -> int:
    return int(str(body["id"]))


def _own(wanted: Object) -> Object:
    """What callers may set: all but what Zendesk gives."""
    return {name: value for name, value in wanted.items() if name not in {"id", "url", "created_at", "updated_at"}}


def routes(kind: Kind) -> tuple[ROUTE, ...]:
    """The ordinary addresses of a kind."""

    async def listed(call: Call) -> Response:
        call.only("admin", "agent")
        return call.page(kind.many, [kind.shown(call, one) for one in kind.rows(call.world)])

    async def several(call: Call) -> Response:
        call.only("admin", "agent")
        return page_of(call, kind, [one for one in kind.rows(call.world) if str(one["id"]) in call.query("ids").split(",")])

    async def counted(call: Call) -> Response:
        call.only("admin", "agent")
        return count(call, len(kind.rows(call.world)))

    async def one(call: Call) -> Response:
        call.only("admin", "agent")
        return json_answer({kind.one: kind.shown(call, kind.get(call, call.number()))})

    async def create(call: Call) -> Response:
        call.only(*kind.editors)
        shown = kind.shown(call, kind.made(call, call.part(kind.one)))
        return json_answer({kind.one: shown}, 201, {"Location": str(shown["url"])})

    async def update(call: Call) -> Response:
        call.only(*kind.editors)
        return json_answer({kind.one: kind.shown(call, kind.changed(call, kind.get(call, call.number()), call.part(kind.one)))})

    async def delete(call: Call) -> Response:
        call.only(*kind.editors)
        kind.removed(call, call.number())
        return Response(status_code=204)

    path = f"/{kind.many}"
    return (
        ("GET", path, listed),
        ("POST", path, create),
        ("GET", f"{path}/show_many", several),
        ("GET", f"{path}/count", counted),
        ("GET", f"{path}/{{id}}", one),
        ("PUT", f"{path}/{{id}}", update),
        ("DELETE", f"{path}/{{id}}", delete),
    )


def page_of(call: Call, kind: Kind, rows: Sequence[Object]) -> Response:
    return call.page(kind.many, [kind.shown(call, one) for one in rows])


def count(call: Call, number: int) -> Response:
    return json_answer({"count": {"value": number, "refreshed_at": time(call.world.clock.now())}})


def empty(name: str) -> ROUTE:
    """A list of what the account has none of."""

    async def listed(call: Call) -> Response:
        call.only("admin", "agent")
        return call.page(name, [])

    return ("GET", f"/{name}", listed)
