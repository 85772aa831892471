"""What runs in the story, each part a process: Temporal's server, two fakes, the API, a worker; and the people on both sides."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import yaml

from cli.client import Api
from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from config.server import server_command, server_ready
from connectors import declaration
from model.errors import Unavailable
from model.item import Fields
from tests.crash.parts import Part
from tests.crash.people import InGitHub
from tests.ports import free_port

CONNECTION = "app-bugs"
TRIGGER = "all-bugs"
QUERY = "project = APP AND labels = sync"
REPOSITORY = "acme/app"
SYSTEMS = {"jira": "acme-jira", "github": "acme-github"}
START_SECONDS = 120.0
CALLS = 10**6
"""How many an hour GitHub allows us, so that nobody waits for the next one; really they are 5,000."""

_SECRETS = {"token": "bot-secret", "hook": "hook-secret"}
_BOTS = {"jira": "bot@acme.test", "github": "acme-bot"}
_SEEDS: dict[str, Fields] = {
    "jira": {"projects": [{"key": "APP", "name": "Acme App"}], "issues": []},
    "github": {"repositories": [{"name": REPOSITORY, "labels": ["sync"]}], "limits": {"core": CALLS}},
}


@dataclass(frozen=True)
class Stage:
    """`environment` is what a command line needs to find the API. `file` is the deployment, `rules` lie beside it."""

    home: Path
    url: str
    environment: dict[str, str]
    file: Path
    worker: Part
    jira: FakeControl
    github: FakeControl
    ann: JiraPerson
    bob: InGitHub

    def script(self, name: str, text: str) -> Path:
        written = self.home / name
        written.write_text(text)
        return written


async def until(look: Callable[[], Awaitable[str]], what: str, seconds: float) -> None:
    """Look until there is nothing more to say against it; AssertionError with what there is otherwise."""
    deadline = monotonic() + seconds
    while against := await look():
        assert monotonic() < deadline, f"{what}: {against} after {seconds:.0f} s"
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def opened_stage(home: Path) -> AsyncGenerator[Stage]:
    """Everything runs, and nothing is configured yet. Nothing of it runs in the end."""
    temporal, api, fakes = free_port(), free_port(), {kind: free_port() for kind in SYSTEMS}
    urls = {kind: f"http://127.0.0.1:{port}" for kind, port in fakes.items()}
    url = f"http://127.0.0.1:{api}"
    own = {"TWINLINE_DATA": str(home / "data"), "TEMPORAL_ADDRESS": f"127.0.0.1:{temporal}", "TWINLINE_API": url}
    async with contextlib.AsyncExitStack() as stack:

        async def started(name: str, *command: str) -> Part:
            part = Part(name, command, own, home / f"{name}.log")
            stack.push_async_callback(part.stop)
            await part.start()
            return part

        await started("temporal", *server_command(home / "temporal.db", temporal, free_port()))
        for kind, port in fakes.items():
            await started(f"fake-{kind}", *_ourselves("fake", kind, "--port", str(port), *_fake_options(home, kind, url)))
        await started("api", *_ourselves("api", "--port", str(api)))
        await _serving(server_ready(temporal), "Temporal")
        controls = {kind: FakeControl(one) for kind, one in urls.items()}
        ann, bob = JiraPerson(urls["jira"], "ann@acme.test", "ann-token"), GitHubPerson(urls["github"], "bob-token", REPOSITORY)
        for person in (ann, bob, *controls.values()):
            stack.push_async_callback(person.aclose)
        for control in controls.values():
            await until(lambda control=control: _silence(control), "a fake", START_SECONDS)
        await until(lambda: _readiness(Api(url)), "the API", START_SECONDS)
        worker = await started("worker", *_ourselves("worker"))
        file = home / "acme.yaml"
        file.write_text(yaml.safe_dump(_deployment(urls)))
        yield Stage(home, url, own, file, worker, controls["jira"], controls["github"], ann, InGitHub(bob, REPOSITORY))


def _ourselves(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "cli.main", *words)


def _fake_options(home: Path, kind: str, url: str) -> tuple[str, ...]:
    seed = home / f"{kind}.json"
    seed.write_text(json.dumps(_SEEDS[kind]))
    hooks = ("--webhook", f"{url}/webhooks/{SYSTEMS[kind]}", "--webhook-secret", _SECRETS["hook"])
    return ("--seed", str(seed), "--user", _BOTS[kind], "--secret", _SECRETS["token"], *hooks)


async def _serving(waiting: Awaitable[None], part: str) -> None:
    try:
        await asyncio.wait_for(waiting, START_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{part} did not start within {START_SECONDS} s") from None


async def _silence(control: FakeControl) -> str:
    try:
        await control.set()
    except Unavailable as error:
        return error.message
    return ""


async def _readiness(api: Api) -> str:
    return "" if await api.ready() else "not ready"


def _deployment(urls: dict[str, str]) -> Fields:
    """As a person writes it; the trigger is off, for what it selects is brought under sync by hand."""
    pace: Fields = {"poll": "1s", "late_writes": "1s", "search_lag": "1s", "calls_per_second": 500, "webhook_secret": _SECRETS["hook"]}
    token = _SECRETS["token"]
    return {
        "workspace": "acme",
        "systems": {
            SYSTEMS["jira"]: {"kind": "jira", "url": urls["jira"], "credentials": {"user": _BOTS["jira"], "token": token}, **pace},
            SYSTEMS["github"]: {"kind": "github", "url": urls["github"], "credentials": {"token": token}, **pace},
        },
        "integrations": {"jira-github": {"left": SYSTEMS["jira"], "right": SYSTEMS["github"]}},
        "connections": {
            CONNECTION: {
                "integration": "jira-github",
                "left": {"settings": {"project": "APP", "type": "Task"}},
                "right": {"settings": {"repository": REPOSITORY}},
                "triggers": [{"side": "left", "name": TRIGGER, "query": QUERY, "active": False}],
            }
        },
    }


GITHUB_IN = declaration("github").incoming
