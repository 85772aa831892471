"""Saved queries and their folders: https://learn.microsoft.com/rest/api/azure/devops/wit/queries?view=azure-devops-rest-7.1."""

from urllib.parse import quote

from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, enumerated, listed
from connectors.azure_devops.fake_queries import columns_of, parsed, result_of
from connectors.azure_devops.fake_render import person, when
from connectors.azure_devops.fake_state import Object, SavedQuery

QUERIES = "wit/queries"
OWN, SHARED = "My Queries", "Shared Queries"
EXPAND = ("none", "wiql", "clauses", "all", "minimal")


def resources() -> list[Resource]:
    return [
        Resource("GET", QUERIES, roots, scoped=True),
        Resource("GET", QUERIES + "/{*query}", read, scoped=True),
        Resource("POST", QUERIES + "/{*query}", create, scoped=True),
        Resource("PATCH", QUERIES + "/{*query}", update, scoped=True),
        Resource("DELETE", QUERIES + "/{*query}", delete, scoped=True),
        Resource("GET", "wit/wiql/{id}", run, scoped=True),
    ]


def _roots(call: Call) -> list[SavedQuery]:
    """Each person's own folder, and the one of the project."""
    saved, project = call.organization.saved, call.scope().id
    found: list[SavedQuery] = []
    for name, owner in ((OWN, call.user.name), (SHARED, "")):
        known = next((one for one in saved.values() if one.project == project and not one.parent and one.owner == owner), None)
        if known is None:
            at = call.organization.clock.now()
            known = SavedQuery(call.organization.new_guid(), project, name, "", None, call.user, at, at, owner)
            saved[known.id] = known
        found.append(known)
    return found


def _children(call: Call, folder: SavedQuery) -> list[SavedQuery]:
    return [one for one in call.organization.saved.values() if one.parent == folder.id]


def _path(call: Call, one: SavedQuery) -> str:
    parent = call.organization.saved.get(one.parent)
    return f"{_path(call, parent)}/{one.name}" if parent else one.name


def _found(call: Call, name: str) -> SavedQuery:
    """By id or path."""
    wanted = name.strip("/")
    known = [*_roots(call), *(one for one in call.organization.saved.values() if one.project == call.scope().id and one.parent)]
    found = next((one for one in known if wanted.casefold() in {one.id, _path(call, one).casefold()}), None)
    root = _root(call, found) if found else None
    if found is None or root is None or root.owner not in {"", call.user.name}:
        message = f"TF401243: The query {wanted} does not exist, or you do not have permission to read it."
        raise Problem(404, "QueryItemNotFoundException", message)
    return found


def _root(call: Call, one: SavedQuery) -> SavedQuery:
    parent = call.organization.saved.get(one.parent)
    return _root(call, parent) if parent else one


def _shown(call: Call, one: SavedQuery, depth: int) -> Object:
    expand = enumerated(call.asked("$expand") or "none", EXPAND)
    url = f"{call.base}/{call.scope().id}/_apis/wit/queries/{one.id}"
    shown: Object = {
        "id": one.id,
        "name": one.name,
        "path": _path(call, one),
        "createdBy": person(one.by, call.base),
        "createdDate": when(one.created),
        "lastModifiedBy": person(one.by, call.base),
        "lastModifiedDate": when(one.changed),
        "isPublic": _root(call, one).owner == "",
        "_links": {"self": {"href": url}, "html": {"href": f"{call.base}/{quote(call.scope().name)}/_queries/query/{one.id}/"}},
        "url": url,
    }
    if one.wiql is None:
        children = _children(call, one)
        shown |= {"isFolder": True, "hasChildren": bool(children)}
        return {**shown, "children": [_shown(call, child, depth - 1) for child in children]} if children and depth > 0 else shown
    query = parsed(call, one.wiql)
    shown["queryType"] = query.kind
    if expand in {"wiql", "clauses", "all"}:
        shown |= {"wiql": one.wiql, **columns_of(call, query)}
    return shown


async def roots(call: Call) -> Response:
    """The two folders or, with `$filter`, whatever has that in its name."""
    word = call.asked("$filter").casefold()
    if not word:
        return listed([_shown(call, one, call.number("$depth", 0, 2)) for one in _roots(call)])
    ids = {one.id for one in _roots(call)}
    known = [one for one in call.organization.saved.values() if one.project == call.scope().id and _root(call, one).id in ids]
    found = [one for one in known if one.parent and word in one.name.casefold()]
    top = call.number("$top", 200, 200)
    return answer({"count": len(found[:top]), "value": [_shown(call, one, 0) for one in found[:top]], "hasMore": len(found) > top})


async def read(call: Call) -> Response:
    return answer(_shown(call, _found(call, call.values["query"]), call.number("$depth", 0, 2)))


def _require_free(call: Call, parent: SavedQuery, name: str) -> None:
    if not name:
        raise bad_parameter("Value cannot be null or empty.\r\nParameter name: name")
    if any(one.name.casefold() == name.casefold() for one in _children(call, parent)):
        message = f"TF237018: The Name '{name}' you specified already exists. Specify a unique name for the query or folder."
        raise Problem(409, "QueryItemNameConflictException", message)


async def create(call: Call) -> Response:
    """A query or folder in the folder of the path."""
    parent, name = _found(call, call.values["query"]), str(call.body.get("name") or "")
    if parent.wiql is not None:
        raise bad_parameter("The parent of a query has to be a folder.")
    _require_free(call, parent, name)
    folder = call.body.get("isFolder") is True
    wiql = None if folder else str(call.body.get("wiql") or "")
    if wiql is not None:
        parsed(call, wiql)
    at = call.organization.clock.now()
    made = SavedQuery(call.organization.new_guid(), call.scope().id, name, parent.id, wiql, call.user, at, at)
    call.organization.saved[made.id] = made
    return answer(_shown(call, made, 0), 201)


async def update(call: Call) -> Response:
    one = _found(call, call.values["query"])
    name, wiql = call.body.get("name"), call.body.get("wiql")
    if isinstance(wiql, str):
        parsed(call, wiql)
        one.wiql = wiql
    if isinstance(name, str) and name.casefold() != one.name.casefold():
        _require_free(call, call.organization.saved[one.parent], name)
        one.name = name
    one.changed = call.organization.clock.now()
    return answer(_shown(call, one, 0))


async def delete(call: Call) -> Response:
    """With all that is in it."""
    _remove(call, _found(call, call.values["query"]))
    return Response(status_code=204)


def _remove(call: Call, one: SavedQuery) -> None:
    for child in _children(call, one):
        _remove(call, child)
    del call.organization.saved[one.id]


async def run(call: Call) -> Response:
    one = _found(call, call.values["id"])
    if one.wiql is None:
        raise bad_parameter(f"The query {one.name} is a folder.")
    return answer(result_of(call, one.wiql))
