"""What the page about the Temporal UI tells people to paste there works on a real server."""

import re
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.attributes import ALL
from activities.interface import Hint
from activities.signals import Signals
from model.configuration import Configuration, Connection, SideConfiguration, System
from model.item import ItemRef
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from tests.e2e.stage import eventually
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.twin import TwinWorkflow

PAGE = (Path(__file__).parents[2] / "docs" / "temporal-ui.md").read_text()
RULES = SideConfiguration(outgoing="", incoming="")
CONNECTION = Connection(
    id="app-bugs",
    integration="acme",
    left_system="acme-jira",
    right_system="acme-github",
    status=ConnectionStatus.ACTIVE,
    version=1,
    configuration=Configuration(left=RULES, right=RULES),
)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def _signals(workflow: type) -> set[str]:
    return {name for name, value in vars(workflow).items() if hasattr(value, "__temporal_signal_definition")}


def test_every_signal_of_a_twin_is_in_the_table_and_no_other() -> None:
    table = PAGE.split("## Signals to send by hand")[1]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == _signals(TwinWorkflow)
    assert {name for name in _signals(ConnectionWorkflow) | _signals(FeedWorkflow) if f"`{name}`" not in table} == set()


def test_every_input_is_one_that_the_signal_takes() -> None:
    hints = [Hint.model_validate_json(block) for block in _blocks("json")]
    assert hints == [Hint(side=Side.LEFT), Hint(side=Side.RIGHT, force=True)]


def test_every_search_attribute_is_told() -> None:
    assert [one.name for one in ALL if f"`{one.name}`" not in PAGE] == []


async def _started(signals: Signals, number: int, status: TwinStatus) -> str:
    left = ItemRef(id=f"page-{number}", key=f"APP-{number}", url="")
    right = ItemRef(id=f"page-{number}", key=f"acme/app#{number}", url="")
    moment = datetime.now(UTC)
    twin = Twin(id=f"t{number}", connection="app-bugs", origin=Side.LEFT, left=left, right=right, status=status, updated=moment)
    await signals.item_changed(twin, CONNECTION, Hint(side=Side.LEFT))
    return twin.workflow_id


async def test_every_filter_finds_what_it_is_for(temporal_address: str) -> None:
    """Among what other tests have on the server."""
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter)
    signals = Signals(client)
    statuses = (TwinStatus.ERROR, TwinStatus.CONFLICT, TwinStatus.HELD)
    error, conflict, held = [await _started(signals, number, status) for number, status in enumerate(statuses, 1)]
    await signals.wake_feed(System(id="page-jira", kind="jira", url="https://acme.example"))
    feed, twins = "feed/page-jira", {error, conflict, held}
    filters = _blocks("")[0].splitlines()
    wanted = [{error}, {conflict}, {held}, twins, {error}, {error}, {error, conflict}, twins, {feed}]

    async def found() -> list[set[str]]:
        return [{one.id async for one in client.list_workflows(text)} & {feed, *twins} for text in filters]

    assert await eventually(found, lambda now: now == wanted, "what the filters find") == wanted
    for one in (feed, *twins):
        await client.get_workflow_handle(one).terminate()
