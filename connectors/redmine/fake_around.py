"""What hangs on issues and projects of the fake Redmine: relations, watchers, versions, categories, roles, queries.

https://www.redmine.org/projects/redmine/wiki/Rest_IssueRelations
"""

import json
from collections.abc import Callable, Mapping
from typing import cast

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from connectors.redmine import fake_render
from connectors.redmine.fake_call import Call, Endpoint, absent, logged_in, page
from connectors.redmine.fake_world import Issue, Object, Relation, World
from connectors.redmine.fake_write import Invalid

TURNED: Mapping[str, str] = {"blocked": "blocks", "duplicated": "duplicates", "follows": "precedes", "copied_from": "copied_to"}
"""Kinds that are stored from the other end."""
KINDS = ("relates", *TURNED.values())
ROLES: tuple[Object, ...] = ({"id": 3, "name": "Manager"}, {"id": 4, "name": "Developer"}, {"id": 5, "name": "Reporter"})

Hint = Callable[[Issue], None]


def table(world: World, hint: Hint) -> dict[str, dict[str, Endpoint]]:
    around = _Around(world, hint)
    return {
        "/issues/{id}/relations.json": {"GET": around.relations, "POST": around.relate},
        "/relations/{id}.json": {"GET": around.relation, "DELETE": around.part},
        "/issues/{id}/watchers.json": {"POST": around.watch},
        "/issues/{id}/watchers/{user}.json": {"DELETE": around.unwatch},
        **{f"/projects/{{id}}/{name}.json": {"GET": around.switched_off} for name in ("news", "files", "wiki/index")},
        "/news.json": {"GET": around.news},
        "/enumerations/document_categories.json": {"GET": around.document_categories},
        "/queries.json": {"GET": around.queries},
        "/roles.json": {"GET": around.roles},
    }


class _Around:
    def __init__(self, world: World, hint: Hint) -> None:
        self._world = world
        self._hint = hint

    async def relations(self, call: Call) -> Response:
        issue = self._world.issues.get(call.number)
        return JSONResponse({"relations": fake_render.relations(self._world, issue)}) if issue else absent()

    async def relate(self, call: Call) -> Response:
        user, issue, wanted = logged_in(call), self._world.issues.get(call.number), await call.json("relation")
        if issue is None:
            return absent()
        other = self._world.issues.get(_number(wanted.get("issue_to_id")))
        kind = str(wanted.get("relation_type") or "relates")
        if other is None:
            raise Invalid(["Related issue cannot be blank"])
        if kind not in {*KINDS, *TURNED}:
            raise Invalid(["Relation type is not included in the list"])
        pair = {issue.id, other.id}
        if len(pair) < 2 or any({one.source, one.target} == pair for one in self._world.relations.values()):
            raise Invalid(["Related issue is invalid" if len(pair) < 2 else "Related issue has already been taken"])
        source, target = (other, issue) if kind in TURNED else (issue, other)
        made = Relation(self._world.next_id("relation"), source.id, target.id, TURNED.get(kind, kind), _number(wanted.get("delay")) or None)
        self._world.relations[made.id] = made
        self._touched(issue, other)
        self._world.record(user, "add relation", issue.id, {"relation": made.id, "to": other.id, "type": kind})
        return JSONResponse({"relation": fake_render.relation(made)}, 201)

    async def relation(self, call: Call) -> Response:
        found = self._world.relations.get(call.number)
        return JSONResponse({"relation": fake_render.relation(found)}) if found else absent()

    async def part(self, call: Call) -> Response:
        user, found = logged_in(call), self._world.relations.pop(call.number, None)
        if found is None:
            return absent()
        self._touched(*(one for one in self._world.issues.values() if one.id in {found.source, found.target}))
        self._world.record(user, "delete relation", found.source, {"relation": found.id, "to": found.target})
        return Response(None, 204)

    def _touched(self, *issues: Issue) -> None:
        for one in issues:
            one.updated = self._world.clock.now()
            self._hint(one)

    async def watch(self, call: Call) -> Response:
        """`user_id` is not in an object of its own."""
        issue = self._world.issues.get(call.number)
        if issue is None:
            return absent()
        body = cast("JsonValue", json.loads(await call.request.body() or b"{}"))
        number = _number(body.get("user_id")) if isinstance(body, dict) else 0
        if number in self._world.users:
            issue.watchers = list(dict.fromkeys([*issue.watchers, number]))
        return Response(None, 204)

    async def unwatch(self, call: Call) -> Response:
        issue, number = self._world.issues.get(call.number), _number(call.request.path_params["user"])
        if issue is None or number not in self._world.users:
            return absent()
        issue.watchers = [one for one in issue.watchers if one != number]
        return Response(None, 204)

    async def switched_off(self, call: Call) -> Response:
        """Modules that the fake's projects do not use."""
        return Response(None, 403) if self._world.project(call.request.path_params["id"]) else absent()

    async def news(self, call: Call) -> Response:
        return page(call, "news", [])

    async def document_categories(self, call: Call) -> Response:
        del call
        return JSONResponse({"document_categories": []})

    async def queries(self, call: Call) -> Response:
        return page(call, "queries", [])

    async def roles(self, call: Call) -> Response:
        del call
        return JSONResponse({"roles": [*ROLES]})


def _number(value: JsonValue) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0
