# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownParameterType=false, reportUntypedFunctionDecorator=false
"""Requests that the OpenAPI document allows, and others, over the whole API: answers are as it says, and none is a failure of ours."""

import asyncio
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import SecretStr
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

import api.app
from api.versioned import PREFIX
from config.opening import Opened
from config.settings import Settings
from model.operation import Parameters
from model.plan import Conflict
from model.words import ConflictPolicy, OperationKind, Side
from operations.views import Issued, Started
from tests.api.api_site import KEY, Site, opened_site
from tests.api.test_api_access import call, owned

EXAMPLES = 12

LEFT_OUT = [positive_data_acceptance, negative_data_rejection, not_a_server_error]
"""A name that does not exist is well-formed; 0 is taken for false; 503 is documented where it is told, and 500 nowhere."""

SCHEMA = schemathesis.openapi.from_dict(api.app.build(cast("Opened", None), {}).openapi()).exclude(path=f"{PREFIX}/events")


@dataclass(frozen=True)
class Stocked:
    """An API with something to find. `names` are what the parameters of paths can name, `kinds` what `name` is after the first part."""

    url: str
    token: str
    names: dict[str, str]
    kinds: dict[str, str]

    def fill(self, path: str, parameters: Iterable[str]) -> dict[str, str]:
        names = self.names | {"name": self.kinds.get(path.removeprefix(f"{PREFIX}/").split("/")[0], "")}
        return {one: names[one] for one in parameters}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stocked]:
    """Served by a thread of its own, since the requests of the test wait for their answers."""
    ready: Future[tuple[Stocked, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
        thread = threading.Thread(target=lambda: asyncio.run(_serve(tmp_path_factory.mktemp("store"), ready)))
        thread.start()
        found, loop, done = ready.result(30)
        yield found
        loop.call_soon_threadsafe(done.set)
        thread.join()


async def _serve(folder: Path, ready: "Future[tuple[Stocked, asyncio.AbstractEventLoop, asyncio.Event]]") -> None:
    done = asyncio.Event()
    database = SecretStr(f"sqlite:///{folder / 'acme.db'}")
    async with opened_site(Settings(data=folder, database_url=database, secret_key=KEY)) as site:
        ready.set_result((await _stock(site), asyncio.get_running_loop(), done))
        await done.wait()


async def _stock(site: Site) -> Stocked:
    await site.post(f"{PREFIX}/deployment", site.content())
    answer = await site.post(f"{PREFIX}/connections/app-bugs/sync", {"item": "APP-1", "side": "left"})
    twin = Started.model_validate_json(answer.body).twin
    store = site.opened.store
    transaction = await store.transactions.begin(twin.id, Side.LEFT)
    conflict = Conflict(subject="priority", target=Side.RIGHT, left="High", right="Low", policy=ConflictPolicy.HOLD, winner=None)
    await store.conflicts.record(twin.id, transaction.id, (conflict,))
    (recorded,) = await store.conflicts.of_twin(twin.id)
    operation = await store.operations.add(OperationKind.SYNC, "app-bugs", Parameters(per_minute=1), "")
    owner = await owned(site)
    other = Issued.model_validate_json((await call(site, "POST /tokens", owner, {"member": "ada@acme.test"})).body).token
    names = {"twin": twin.id, "conflict": str(recorded.id), "number": "1", "side": "left", "trigger": "trigger-1"}
    names |= {"operation": operation.id, "member": "ada@acme.test", "token": other.id}
    return Stocked(site.url, owner, names, {"systems": "acme-jira", "connections": "app-bugs", "integrations": "jira-github"})


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_answer_is_documented(case: schemathesis.Case[Any], stocked: Stocked):
    for known in (False, True):
        if known and case.path_parameters:
            case.path_parameters = {**stocked.fill(case.path, case.path_parameters)}
        headers = {"Authorization": f"Bearer {stocked.token}"}
        case.call_and_validate(base_url=stocked.url, headers=headers, excluded_checks=LEFT_OUT)
