"""Children that come under sync before their parents do: Jira issues, and their copies in Azure DevOps."""

from collections.abc import AsyncIterator

import pytest_asyncio

from connectors import declaration
from model.deployment import SideDeclaration
from model.item import Fields
from model.words import TwinStatus
from tests.e2e.jira_world import JiraWorld
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.e2e.world import World
from tests.pairs.azure_platform import AzurePlatform
from tests.pairs.jira_platform import JiraApp
from tests.pairs.world import opened_pair

AzureWorld = JiraWorld[AzurePlatform]

LENIENT = "issue.parentId = nodeHelper.getLocalIssueFromRemoteId(replica.parentId)?.id\n"
STRICT = """\
def parent = nodeHelper.getLocalIssueFromRemoteId(replica.parentId)
if (replica.parentId && !parent) {
    throw new com.exalate.api.exception.IssueTrackerException("the parent of ${replica.key} is not under sync")
}
issue.parentId = parent?.id
"""


@pytest_asyncio.fixture
async def azure_world(place: Place) -> AsyncIterator[AzureWorld]:
    async with opened_pair(AzureWorld, *place, JiraApp.opened, AzurePlatform.opened) as running:
        yield running


def _with(side: SideDeclaration, kind: str, *, outgoing: str = "", incoming: str = "") -> SideDeclaration:
    known = declaration(kind)
    return side.model_copy(update={"outgoing": known.outgoing + outgoing, "incoming": known.incoming + incoming})


async def _begun(world: AzureWorld, incoming: str) -> tuple[str, str]:
    """A parent that is not under sync, and its child that is."""
    project = str(world.left.settings["project"])
    parent = await world.bob.create(project, "The press")
    child = await world.bob.create(project, "Its handle", labels=("sync",), parent={"key": parent})
    left = _with(world.left.side(), "jira", outgoing="replica.parentId = issue.parentId\n")
    right = _with(world.right.side(), "azure-devops", incoming=incoming)
    await world.begin(world.deployment(left=left, right=right))
    return parent, child


async def _ends_below(world: AzureWorld, child: str, parent: str) -> None:
    await world.bob.edit(parent, labels=["sync"])
    above = await world.right_of(parent)
    item = await world.right_of(child)

    def below(seen: Fields) -> bool:
        return str(seen.get("System.Parent")) == above

    await eventually(lambda: world.right.ann.see(item), below, f"{item} below {above}")
    await world.quiet(1)
    assert {twin.status for twin in await world.twins()} == {TwinStatus.SYNCHRONIZED}


async def test_a_child_comes_below_its_parent_once_that_has_a_copy(azure_world: AzureWorld) -> None:
    parent, child = await _begun(azure_world, LENIENT)
    seen = await azure_world.right.ann.see(await azure_world.right_of(child))
    assert "System.Parent" not in seen
    await _ends_below(azure_world, child, parent)


async def test_an_issue_on_github_comes_below_its_parent_in_a_call_of_its_own(world: World) -> None:
    parent = await world.ann.create("APP", "The press")
    child = await world.ann.create("APP", "Its handle", labels=("sync",), parent={"key": parent})
    left = _with(world.left.side(), "jira", outgoing="replica.parentId = issue.parentId\n")
    right = _with(world.right.side(), "github", incoming=LENIENT)
    await world.begin(world.deployment(left=left, right=right))
    number = await world.number_of(child)
    await world.ann.edit(parent, labels=["sync"])
    above = f"/issues/{await world.number_of(parent)}"
    await world.on_github(number, lambda issue: str(issue.get("parent_issue_url")).endswith(above), "the parent on GitHub")
    await world.quiet(2)
    await world.ann.edit(child, parent=None)
    await world.on_github(number, lambda issue: "parent_issue_url" not in issue, "no parent on GitHub")
    assert {twin.status for twin in await world.quiet(2)} == {TwinStatus.SYNCHRONIZED}


async def test_a_child_whose_rule_insists_on_the_parent_goes_on_by_itself(azure_world: AzureWorld) -> None:
    parent, child = await _begun(azure_world, STRICT)

    async def reasons() -> list[str]:
        return [twin.reason for twin in await azure_world.twins() if twin.status is TwinStatus.ERROR]

    await eventually(reasons, lambda found: any(f"the parent of {child} is not under sync" in one for one in found), "a parked twin")
    await _ends_below(azure_world, child, parent)
