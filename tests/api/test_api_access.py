"""Every route asks who calls, and for the right permission."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import httpx
import pytest
from fastapi import APIRouter
from pydantic import JsonValue
from sqlalchemy import text

from api.access import EXTENSION, Guarded, needs
from api.app import require_guard
from api.problems import ProblemDetails
from connectors.kit.http import Answer, exchange
from model.item import ItemRef
from model.members import ROLES, Permission, Role
from model.operation import Parameters
from model.words import OperationKind, Side
from operations.views import Issued, MemberAdded
from tests.api.api_site import Site

OPEN = {"/livez", "/readyz"}

PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        "GET /deployment": Permission.VIEW,
        "POST /deployment": Permission.CONFIGURE,
        "POST /deployment/adopt": Permission.CONFIGURE,
        "GET /systems": Permission.VIEW,
        "GET /systems/{name}": Permission.VIEW,
        "POST /systems/{name}/check": Permission.CONFIGURE,
        "GET /systems/{name}/hooks": Permission.VIEW,
        "GET /connections": Permission.VIEW,
        "POST /connections": Permission.CONFIGURE,
        "GET /connections/{name}": Permission.VIEW,
        "DELETE /connections/{name}": Permission.CONFIGURE,
        "GET /connections/{name}/export": Permission.VIEW,
        "POST /connections/{name}/activate": Permission.OPERATE,
        "POST /connections/{name}/deactivate": Permission.OPERATE,
        "POST /connections/{name}/accept": Permission.CONFIGURE,
        "POST /connections/{name}/copy": Permission.CONFIGURE,
        "POST /connections/{name}/rename": Permission.CONFIGURE,
        "POST /connections/{name}/sync": Permission.OPERATE,
        "POST /connections/{name}/relink": Permission.OPERATE,
        "GET /twins": Permission.VIEW,
        "GET /twins/{twin}": Permission.INSPECT,
        "GET /twins/{twin}/replicas": Permission.INSPECT,
        "GET /twins/{twin}/base": Permission.INSPECT,
        "GET /twins/{twin}/traces": Permission.INSPECT,
        "GET /twins/{twin}/transactions/{number}": Permission.INSPECT,
        "POST /twins/{twin}/resync": Permission.OPERATE,
        "POST /twins/{twin}/retry": Permission.OPERATE,
        "POST /twins/{twin}/unlink": Permission.OPERATE,
        "POST /twins/{twin}/relink": Permission.OPERATE,
        "GET /conflicts": Permission.INSPECT,
        "POST /conflicts/{conflict}/resolve": Permission.OPERATE,
        "POST /conflicts/{conflict}/restore": Permission.OPERATE,
        "POST /connections/{name}/bulk/exalate": Permission.CONFIGURE,
        "POST /connections/{name}/bulk/sync": Permission.CONFIGURE,
        "POST /connections/{name}/bulk/connect": Permission.CONFIGURE,
        "POST /connections/{name}/bulk/unlink": Permission.CONFIGURE,
        "POST /connections/{name}/bulk/retry": Permission.OPERATE,
        "POST /connections/{name}/bulk/cleanup": Permission.CONFIGURE,
        "POST /systems/{name}/bulk/cleanup": Permission.CONFIGURE,
        "GET /operations": Permission.VIEW,
        "GET /operations/{operation}": Permission.VIEW,
        "GET /operations/{operation}/items": Permission.VIEW,
        "GET /operations/{operation}/pairs": Permission.INSPECT,
        "POST /operations/{operation}/pause": Permission.OPERATE,
        "POST /operations/{operation}/resume": Permission.OPERATE,
        "POST /operations/{operation}/cancel": Permission.OPERATE,
        "GET /connections/{name}/versions": Permission.VIEW,
        "POST /connections/{name}/versions": Permission.CONFIGURE,
        "GET /connections/{name}/versions/{number}": Permission.VIEW,
        "GET /connections/{name}/versions/{number}/diff": Permission.VIEW,
        "POST /connections/{name}/versions/{number}/edit": Permission.CONFIGURE,
        "POST /connections/{name}/versions/{number}/publish": Permission.CONFIGURE,
        "POST /connections/{name}/versions/{number}/rollback": Permission.CONFIGURE,
        "POST /connections/{name}/versions/{number}/discard": Permission.CONFIGURE,
        "GET /queue": Permission.VIEW,
        "GET /members": Permission.VIEW,
        "POST /members": Permission.MEMBERS,
        "POST /members/{member}/role": Permission.MEMBERS,
        "POST /members/{member}/remove": Permission.MEMBERS,
        "GET /tokens": Permission.TOKENS,
        "POST /tokens": Permission.TOKENS,
        "POST /tokens/{token}/revoke": Permission.TOKENS,
        "GET /audit": Permission.AUDIT,
        "GET /audit/verification": Permission.AUDIT,
        "GET /errors": Permission.VIEW,
        "POST /errors/retry": Permission.OPERATE,
        "GET /events": Permission.VIEW,
        "POST /connections/{name}/test-runs": Permission.OPERATE,
        "POST /connections/{name}/replays": Permission.OPERATE,
        "GET /integrations": Permission.VIEW,
        "GET /integrations/{name}": Permission.VIEW,
        "GET /connections/{name}/triggers": Permission.VIEW,
        "POST /connections/{name}/triggers/dry-run": Permission.OPERATE,
        "GET /connections/{name}/triggers/{side}/{trigger}": Permission.VIEW,
        "POST /connections/{name}/triggers/{side}/{trigger}/dry-run": Permission.OPERATE,
        "POST /connections/{name}/triggers/{side}/{trigger}/activate": Permission.CONFIGURE,
        "POST /connections/{name}/triggers/{side}/{trigger}/deactivate": Permission.CONFIGURE,
    }
)

OTHER_NAMES = {"systems": "other-acme-jira", "integrations": "other-jira-github"}

OTHERS = """
INSERT INTO workspace (id, created) SELECT 'other', created FROM workspace;
INSERT INTO system (id, workspace, kind, url, poll_seconds, late_write_seconds, calls_per_second, credentials, webhook_secret)
SELECT 'other-' || id, 'other', kind, url, poll_seconds, late_write_seconds, calls_per_second, '', '' FROM system;
INSERT INTO integration (id, workspace, left_system, right_system)
SELECT 'other-' || id, 'other', 'other-' || left_system, 'other-' || right_system FROM integration;
INSERT INTO connection (id, workspace, integration, left_system, right_system, status, reason, version)
SELECT 'other-' || id, 'other', 'other-' || integration, 'other-' || left_system, 'other-' || right_system, status, reason, version
FROM connection;
INSERT INTO version (connection, number, status, content, created)
SELECT 'other-' || connection, number, status, content, created FROM version
"""


async def call(site: Site, route: str, token: str = "", payload: JsonValue = None) -> Answer:
    method, _, path = route.partition(" ")
    filled = re.sub(r"{(conflict|number)}", "7", path.replace("{side}", "left"))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if route == "GET /events":
        return await begun(f"{site.url}/api/v1/events", headers)
    return await exchange(method, f"{site.url}/api/v1{re.sub('{.*?}', 'nope', filled)}", payload, None, headers)


async def begun(url: str, headers: dict[str, str]) -> Answer:
    """The head of an answer that does not end by itself, or the whole of a refusal."""
    async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", url, headers=headers) as answer:
        body = b"" if answer.is_success else await answer.aread()
        return Answer(answer.status_code, dict(answer.headers), body, url)


async def owned(site: Site) -> str:
    """The token of the first owner, Ada."""
    await site.post("/api/v1/deployment", site.content())
    added = await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "owner"})
    issued = MemberAdded.model_validate_json(added.body).issued
    assert issued
    return issued.text


async def token(site: Site, owner: str, role: Role, **scope: JsonValue) -> str:
    name = f"{role}@acme.test"
    await call(site, "POST /members", owner, {"name": name, "role": role})
    created = await call(site, "POST /tokens", owner, {"member": name, **scope})
    return Issued.model_validate_json(created.body).text


def detail(answer: Answer) -> str:
    return ProblemDetails.model_validate_json(answer.body).detail


async def test_every_route_declares_the_permission_of_the_table(site: Site):
    document = httpx.Response(200, content=(await site.get("/api/v1/openapi.json")).body).json()
    declared = {
        f"{method.upper()} {path.removeprefix('/api/v1')}": Permission(operation[EXTENSION])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path not in OPEN
    }
    assert declared == PERMISSIONS
    assert set(ROLES) == set(Permission)
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert document["paths"]["/api/v1/twins"]["get"]["security"] == [{"token": []}]


async def test_each_role_may_call_what_its_permissions_say_and_nothing_else(site: Site):
    owner = await owned(site)
    tokens = {role: await token(site, owner, role) for role in Role}
    for route, permission in PERMISSIONS.items():
        assert (await call(site, route)).status == 401, route
        for role, own in tokens.items():
            answer = await call(site, route, own)
            assert (answer.status == 403) is (role.rank < ROLES[permission].rank), (route, role, answer.status)
            if answer.status == 403:
                assert detail(answer) == f"this needs the role {ROLES[permission]}, and '{role}@acme.test' calls as {role}"


async def test_a_read_only_token_changes_nothing(site: Site):
    own = await token(site, await owned(site), Role.ADMIN, read_only=True)
    for route in PERMISSIONS:
        answer = await call(site, route, own)
        assert (answer.status == 403) is not route.startswith("GET"), route


def test_a_route_without_a_permission_is_refused():
    guarded, unguarded = APIRouter(route_class=Guarded), APIRouter()

    async def look() -> None: ...

    with pytest.raises(TypeError, match="route 'look' declares no permission"):
        guarded.get("/look")(look)
    unguarded.get("/look", openapi_extra=needs(Permission.VIEW))(look)
    with pytest.raises(TypeError, match="route 'look' asks nobody who calls"):
        require_guard(unguarded)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Via": "1.1 proxy.acme.test"},
        {"Host": "twinline.acme.test"},
    ],
)
async def test_without_members_only_this_machine_may_call(site: Site, headers: dict[str, str]):
    answer = await exchange("GET", f"{site.url}/api/v1/twins", None, None, headers)
    assert (answer.status, "add the first" in detail(answer)) == (401, True)
    assert (await site.get("/api/v1/twins")).status == 200


@pytest.mark.parametrize("sent", ["", "Basic YWRhOmFkYQ==", "Bearer", "Bearer nonsense", "Bearer twl_000000000000_00"])
async def test_a_call_without_a_good_token_says_what_to_do(site: Site, sent: str):
    await owned(site)
    answer = await exchange("POST", f"{site.url}/api/v1/deployment", None, None, {"Authorization": sent} if sent else {})
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "token" in detail(answer)
    assert (await site.get("/livez")).status == 200


async def test_a_token_that_expired_or_was_revoked_or_altered_lets_nobody_in(site: Site):
    owner = await owned(site)
    viewer = await token(site, owner, Role.VIEWER)
    altered = viewer[:-1] + ("0" if viewer[-1] != "0" else "1")
    assert "not known" in detail(await call(site, "GET /twins", altered))
    store = site.opened.store
    _, late = await store.members.issue("viewer@acme.test", Role.VIEWER, read_only=False, lasts=timedelta(seconds=-1))
    assert f"expired on {datetime.now(UTC):%Y-%m-%d}" in detail(await call(site, "GET /twins", late))
    await call(site, f"POST /tokens/{viewer.split('_')[1]}/revoke", owner)
    gone = await call(site, "GET /twins", viewer)
    assert (gone.status, "was revoked on" in detail(gone)) == (401, True)


async def test_a_role_that_is_taken_away_is_gone_for_tokens_at_once(site: Site):
    owner = await owned(site)
    admin = await token(site, owner, Role.ADMIN)
    assert (await call(site, "GET /audit", admin)).status == 200
    await call(site, "POST /members/admin@acme.test/role", owner, {"role": "viewer"})
    assert (await call(site, "GET /audit", admin)).status == 403
    await call(site, "POST /members/admin@acme.test/remove", owner)
    assert (await call(site, "GET /twins", admin)).status == 401


async def test_the_last_owner_stays_and_nobody_gives_more_than_they_have(site: Site):
    owner = await owned(site)
    admin = await token(site, owner, Role.ADMIN)
    last = (
        await call(site, "POST /members/ada@acme.test/remove", owner),
        await call(site, "POST /members/ada@acme.test/role", owner, {"role": "admin"}),
    )
    raised = await call(site, "POST /tokens", admin, {"member": "ada@acme.test", "role": "owner"})
    lower = await call(site, "POST /tokens", admin, {"member": "ada@acme.test"})
    long = await call(site, "POST /tokens", admin, {"member": "ada@acme.test", "days": 366})
    assert [one.status for one in last] == [400, 400]
    assert "last owner" in detail(last[0])
    assert (raised.status, long.status) == (400, 422)
    assert Issued.model_validate_json(lower.body).token.role is Role.ADMIN


async def test_of_two_owners_who_remove_each_other_one_stays(site: Site):
    ada = await owned(site)
    added = [await token(site, ada, Role.OWNER)]
    paths = ("/members/owner@acme.test/remove", "/members/ada@acme.test/remove")
    answers = await asyncio.gather(*(call(site, f"POST {path}", own) for path, own in zip(paths, (ada, *added), strict=True)))
    assert sorted(one.status for one in answers) in ([200, 400], [200, 401])
    assert [one.role for one in await site.opened.store.members.listed()] == [Role.OWNER]


async def test_the_first_member_is_an_owner_of_a_workspace_that_exists(site: Site):
    early = await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "owner"})
    await site.post("/api/v1/deployment", site.content())
    viewer = await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "viewer"})
    assert (early.status, viewer.status) == (400, 400)
    assert "apply a deployment file first" in detail(early)
    assert "owner" in detail(viewer)


async def test_no_answer_but_the_first_has_a_token_and_the_database_has_none(site: Site):
    owner = await owned(site)
    secret = owner.split("_")[2]
    for route in ("GET /members", "GET /tokens", "GET /audit"):
        assert secret.encode() not in (await call(site, route, owner)).body
    async with site.opened.store.database.reading() as session:
        rows = (await (await session.connection()).execute(text("SELECT * FROM token"))).all()
    assert len(rows) == 1
    assert secret not in repr(rows)


async def test_what_is_of_another_workspace_is_not_there(site: Site):
    owner = await owned(site)
    store = site.opened.store
    async with store.database.writing() as session:
        for statement in OTHERS.split(";"):
            await (await session.connection()).execute(text(statement))
    twin = await store.twins.start("other-app-bugs", Side.LEFT, ItemRef(id="1", key="X-1", url=""))
    assert twin
    await store.transactions.begin(twin.id, Side.LEFT)
    operation = await store.operations.add(OperationKind.SYNC, "other-app-bugs", Parameters(per_minute=1), "")
    named = ("{name}", "{twin}", "{operation}")
    bodies: dict[str, JsonValue] = {
        "sync": {"item": "APP-1"},
        "relink": {"left": "APP-1", "right": "acme/app#1", "source": "left"},
        "unlink": {},
        "resync": {"source": "left"},
    }
    for route in PERMISSIONS:
        if any(name in route for name in named):
            name = next((own for part, own in OTHER_NAMES.items() if f"/{part}/" in route), "other-app-bugs")
            path = route.replace("{name}", name).replace("{twin}", twin.id).replace("{operation}", operation.id)
            body: JsonValue = {"source": "left"} if "{twin}/relink" in route else bodies.get(path.rpartition("/")[2])
            answer = await call(site, path, owner, body)
            assert answer.status == 404, (route, answer.body)
    lists = ("deployment", "systems", "integrations", "connections", "twins", "queue", "errors", "operations")
    for route in (f"GET /{one}" for one in lists):
        assert b"other-" not in (await call(site, route, owner)).body, route
        assert twin.id.encode() not in (await call(site, route, owner)).body, route
    assert b"other-app-bugs" not in (await call(site, "GET /connections/nope", owner)).body
