"""Versions and issue categories of the fake Redmine's projects: https://www.redmine.org/projects/redmine/wiki/Rest_Versions.

Managers and administrators make, change and delete them.
"""

from dataclasses import dataclass

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from connectors.redmine import fake_render
from connectors.redmine.fake_call import Call, Endpoint, absent, logged_in
from connectors.redmine.fake_world import Object, Planned, Project, World
from connectors.redmine.fake_write import Invalid

VERSION: dict[str, JsonValue] = {"description": "", "status": "open", "due_date": None, "sharing": "none", "wiki_page_title": None}
STATUSES = ("open", "locked", "closed")


def table(world: World) -> dict[str, dict[str, Endpoint]]:
    found: dict[str, dict[str, Endpoint]] = {}
    for kind in (_Kind(world, "version", "versions", VERSION), _Kind(world, "issue_category", "issue_categories", {})):
        found[f"/projects/{{id}}/{kind.many}.json"] = {"GET": kind.listed, "POST": kind.create}
        found[f"/{kind.many}/{{id}}.json"] = {"GET": kind.read, "PUT": kind.update, "DELETE": kind.delete}
    return found


@dataclass(frozen=True)
class _Kind:
    world: World
    one: str
    many: str
    defaults: dict[str, JsonValue]

    async def listed(self, call: Call) -> Response:
        project = self.world.project(call.request.path_params["id"])
        if project is None:
            return absent()
        rows: list[JsonValue] = [self._shown(one) for one in self._rows().values() if one.project == project.id]
        return JSONResponse({self.many: rows, "total_count": len(rows)})

    async def create(self, call: Call) -> Response:
        project = self.world.project(call.request.path_params["id"])
        if project is None:
            return absent()
        if not _may(call):
            return Response(None, 403)
        now = self.world.clock.now()
        made = Planned(self.world.next_id(self.one), project.id, self._checked(await call.json(self.one), project, None), now, now)
        self._rows()[made.id] = made
        return JSONResponse({self.one: self._shown(made)}, 201, {"Location": f"{call.base}/{self.many}/{made.id}"})

    async def read(self, call: Call) -> Response:
        found = self._rows().get(call.number)
        return JSONResponse({self.one: self._shown(found)}) if found else absent()

    async def update(self, call: Call) -> Response:
        found = self._rows().get(call.number)
        if found is None:
            return absent()
        if not _may(call):
            return Response(None, 403)
        found.values = self._checked({**found.values, **await call.json(self.one)}, self.world.projects[found.project], found)
        found.updated = self.world.clock.now()
        return Response(None, 204)

    async def delete(self, call: Call) -> Response:
        """A version that issues have stays; a category is taken from them."""
        found = self._rows().get(call.number)
        if found is None:
            return absent()
        if not _may(call):
            return Response(None, 403)
        if self.one == "version" and any(one.version == found.id for one in self.world.issues.values()):
            raise Invalid(["Unable to delete version"])
        for one in self.world.issues.values():
            one.category = None if self.one == "issue_category" and one.category == found.id else one.category
        del self._rows()[found.id]
        return Response(None, 204)

    def _rows(self) -> dict[int, Planned]:
        return self.world.versions if self.one == "version" else self.world.categories

    def _checked(self, wanted: Object, project: Project, same: Planned | None) -> Object:
        name = str(wanted.get("name") or "").strip()
        others = [one for one in self._rows().values() if one.project == project.id and one is not same]
        errors = [] if name else ["Name cannot be blank"]
        if any(str(one.values["name"]).casefold() == name.casefold() for one in others):
            errors.append("Name has already been taken")
        if self.one == "version" and wanted.get("status", "open") not in STATUSES:
            errors.append("Status is not included in the list")
        if errors:
            raise Invalid(errors)
        return {"name": name, **self.defaults, **{key: wanted[key] for key in (*self.defaults, "assigned_to_id") if key in wanted}}

    def _shown(self, one: Planned) -> Object:
        project = self.world.projects[one.project]
        shown: Object = {"id": one.id, "project": {"id": project.id, "name": project.seed.name}, **one.values}
        assigned = shown.pop("assigned_to_id", None)
        if self.one == "version":
            return {**shown, "created_on": fake_render.time(one.created), "updated_on": fake_render.time(one.updated)}
        known = int(assigned) if isinstance(assigned, int | str) and str(assigned).isdecimal() else None
        return {**shown, **({"assigned_to": fake_render.reference(self.world, known)} if known in self.world.users and known else {})}


def _may(call: Call) -> bool:
    user = logged_in(call)
    return user.seed.role == "Manager" or user.seed.admin
