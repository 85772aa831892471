"""What administrators of the fake Redmine see and change: people and groups. Everybody else gets 403.

https://www.redmine.org/projects/redmine/wiki/Rest_Groups
"""

import json
from typing import cast

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from connectors.redmine import fake_render
from connectors.redmine.fake_call import Call, Endpoint, absent, page
from connectors.redmine.fake_seed import SeedUser
from connectors.redmine.fake_world import Group, Object, User, World
from connectors.redmine.fake_write import Invalid


def table(world: World) -> dict[str, dict[str, Endpoint]]:
    admin = _Admin(world)
    return {
        "/users.json": {"GET": _only(admin.users), "POST": _only(admin.create_user)},
        "/groups.json": {"GET": _only(admin.groups), "POST": _only(admin.create)},
        "/groups/{id}.json": {"GET": _only(admin.group), "PUT": _only(admin.update), "DELETE": _only(admin.delete)},
        "/groups/{id}/users.json": {"POST": _only(admin.join)},
        "/groups/{id}/users/{user}.json": {"DELETE": _only(admin.leave)},
    }


def _only(answer: Endpoint) -> Endpoint:
    async def checked(call: Call) -> Response:
        return await answer(call) if call.user is not None and call.user.seed.admin else Response(None, 403)

    return checked


class _Admin:
    def __init__(self, world: World) -> None:
        self._world = world

    async def users(self, call: Call) -> Response:
        """All, or those of `name`, which is part of a name, login or address, and of `group_id`."""
        parameters = call.request.query_params
        name, group = parameters.get("name", "").casefold(), parameters.get("group_id", "")
        members = self._world.groups[int(group)].users if group.isdecimal() and int(group) in self._world.groups else []
        found = [one for one in self._world.users.values() if name in f"{one.name} {one.seed.login} {one.seed.mail}".casefold()]
        created = self._world.projects[1].created
        return page(call, "users", [fake_render.user(one, call.user, created) for one in found if not group or one.id in members])

    async def create_user(self, call: Call) -> Response:
        wanted = await call.json("user")
        told = {name: str(wanted.get(name) or "") for name in ("login", "firstname", "lastname", "mail")}
        names = {"login": "Login", "firstname": "First name", "lastname": "Last name", "mail": "Email"}
        errors = [f"{names[name]} cannot be blank" for name, value in told.items() if not value]
        others = [one.seed for one in self._world.users.values()]
        errors += [
            f"{names[name]} has already been taken" for name in ("login", "mail") if told[name] in [getattr(one, name) for one in others]
        ]
        if errors:
            raise Invalid(errors)
        number = max([*self._world.users, *self._world.groups]) + 1
        seed = SeedUser.model_validate(
            {**told, "key": str(wanted.get("password") or ""), "role": "Developer", "admin": wanted.get("admin") is True}
        )
        made = User(number, seed)
        self._world.users[number] = made
        return JSONResponse({"user": fake_render.user(made, call.user, self._world.clock.now())}, 201)

    async def groups(self, call: Call) -> Response:
        return JSONResponse({"groups": [{"id": one.id, "name": one.name} for one in self._world.groups.values()]})

    async def create(self, call: Call) -> Response:
        wanted = await call.json("group")
        number = max([*self._world.users, *self._world.groups]) + 1
        made = Group(number, self._name(wanted, None), self._people(wanted.get("user_ids")))
        self._world.groups[number] = made
        return JSONResponse({"group": {"id": made.id, "name": made.name}}, 201, {"Location": f"{call.base}/groups/{made.id}"})

    async def group(self, call: Call) -> Response:
        found = self._world.groups.get(call.number)
        if found is None:
            return absent()
        shown: Object = {"id": found.id, "name": found.name}
        if "users" in call.include:
            shown["users"] = [fake_render.reference(self._world, one) for one in found.users]
        if "memberships" in call.include:
            shown["memberships"] = []
        return JSONResponse({"group": shown})

    async def update(self, call: Call) -> Response:
        found, wanted = self._world.groups.get(call.number), await call.json("group")
        if found is None:
            return absent()
        found.name = self._name({"name": found.name, **wanted}, found)
        if "user_ids" in wanted:
            found.users = self._people(wanted["user_ids"])
        return Response(None, 204)

    async def delete(self, call: Call) -> Response:
        return Response(None, 204) if self._world.groups.pop(call.number, None) else absent()

    async def join(self, call: Call) -> Response:
        """`user_id` is not in an object of its own."""
        found = self._world.groups.get(call.number)
        if found is None:
            return absent()
        body = cast("JsonValue", json.loads(await call.request.body() or b"{}"))
        people = self._people([body.get("user_id")] if isinstance(body, dict) else [])
        if not people:
            raise Invalid(["User is invalid"])
        found.users = list(dict.fromkeys([*found.users, *people]))
        return Response(None, 204)

    async def leave(self, call: Call) -> Response:
        found, number = self._world.groups.get(call.number), str(call.request.path_params["user"])
        if found is None or not number.isdecimal() or int(number) not in found.users:
            return absent()
        found.users.remove(int(number))
        return Response(None, 204)

    def _name(self, wanted: Object, same: Group | None) -> str:
        name = str(wanted.get("name") or "").strip()
        if not name:
            raise Invalid(["Name cannot be blank"])
        if any(one.name.casefold() == name.casefold() for one in self._world.groups.values() if one is not same):
            raise Invalid(["Name has already been taken"])
        return name

    def _people(self, given: JsonValue) -> list[int]:
        numbers = [int(str(one)) for one in given if str(one).isdecimal()] if isinstance(given, list) else []
        return [one for one in numbers if one in self._world.users]
