"""The stage of the demo with a real Redmine: its project `sync`, and the service desk HELP of a fake Jira."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cli.demo.redmine_people import DeskAgent, RedminePerson
from cli.demo.stage import Stage, jira_system, opened
from cli.up import Ports
from config.settings import Settings
from model.errors import BadInput, Refused, Unavailable
from model.item import Fields
from operations.deployment import Application

PREFIX = "REDMINE_"
CONNECTION = "help-desk"
PROJECT = "sync"
SUPPORT = 3
ADVICE = "`make demo-redmine` starts a Redmine and this demo; `scripts/redmine.sh env` prints the variables of one that runs"


class Access(BaseSettings):
    """The Redmine to use, as `scripts/redmine.sh env` tells it; each field is an environment variable with the prefix `REDMINE_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    url: str
    agent_key: SecretStr
    ann_key: SecretStr


@dataclass(frozen=True)
class RedmineScene(Stage):
    """`bob` works at the help desk in Jira, `ann` in Redmine."""

    bob: DeskAgent
    ann: RedminePerson
    redmine_url: str

    async def numbers(self) -> dict[str, int]:
        """The Redmine issue's number for each Jira key."""
        return {twin.left.key: int(twin.right.id) for twin in await self.twins() if twin.left and twin.right}


def access() -> Access:
    """BadInput that names the variable where one is missing."""
    try:
        return Access()  # pyright: ignore[reportCallIssue]  the environment gives the values
    except ValidationError as error:
        missing = PREFIX + str(error.errors(include_input=False, include_url=False)[0]["loc"][0]).upper()
        raise BadInput(f"{missing} is not set: {ADVICE}") from None


@contextlib.asynccontextmanager
async def staged(settings: Settings, wanted: Ports, stop: asyncio.Event) -> AsyncGenerator[RedmineScene]:
    """Everything running and configured; BadInput or Unavailable, with the way out, where there is no Redmine to use."""
    known = access()
    ann = RedminePerson(known.url, known.ann_key.get_secret_value(), PROJECT)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(ann.aclose)
        await _require_answer(known.url, ann)
        stage = await stack.enter_async_context(opened(settings, wanted, stop, CONNECTION, "Redmine"))
        bob = DeskAgent(stage.jira_url, "bob@acme.test", "bob-token")
        stack.push_async_callback(bob.aclose)
        await stage.api.post(Application, "/deployment", deployment(stage, known))
        yield RedmineScene(**vars(stage), bob=bob, ann=ann, redmine_url=known.url)


async def _require_answer(url: str, ann: RedminePerson) -> None:
    try:
        await ann.enter()
    except Unavailable as error:
        raise Unavailable(f"no Redmine answers at {url}: {ADVICE}") from error
    except Refused as error:
        raise BadInput(f"the Redmine at {url} does not accept REDMINE_ANN_KEY: {ADVICE}") from error


def deployment(stage: Stage, known: Access) -> Fields:
    """The demo's deployment, as a file would say it; it leaves out the rules."""
    pace: Fields = {"poll": "2s", "late_writes": "2s", "search_lag": "2s"}
    credentials: Fields = {"key": known.agent_key.get_secret_value()}
    return {
        "workspace": "acme",
        "systems": {
            "acme-jira": jira_system(stage, pace),
            "acme-redmine": {"kind": "redmine", "url": known.url, "credentials": credentials, "calls_per_second": 50, **pace},
        },
        "integrations": {"jira-redmine": {"left": "acme-jira", "right": "acme-redmine"}},
        "connections": {
            CONNECTION: {
                "integration": "jira-redmine",
                "left": {"settings": {"project": "HELP"}},
                "right": {"settings": {"project": PROJECT}},
                "triggers": [
                    {"side": "left", "query": "project = HELP AND labels = sync"},
                    {"side": "right", "query": f"tracker_id={SUPPORT}&status_id=open"},
                ],
                "active": True,
            }
        },
    }
