"""Sub-issues: an issue is put below another by a call of its own. https://docs.github.com/en/rest/issues/sub-issues."""

from pydantic import JsonValue

from connectors.github import mapping
from connectors.github.client import GitHubClient
from connectors.github.payloads import Issue
from connectors.kit.interface import Written
from model.errors import Misconfigured, NotFound, Refused, Stale


async def put_below(client: GitHubClient, item_id: str, wanted: JsonValue, version: str) -> Written:
    """Put the issue below the one of that id, or below none.

    Stale if it changed since `version`; Refused if there is no such parent, or it may not have the issue.
    """
    repository, number = mapping.address(item_id)
    issue = await client.issue(repository, number)
    if version and mapping.second(mapping.version(issue)) > mapping.second(version):
        raise Stale(f"{item_id} changed since the plan was made", mapping.version(issue))
    before, parent = mapping.parent(issue), _asked(repository, wanted)
    if parent is not None and parent != before:
        await _add(client, item_id, issue, parent)
    elif parent is None and before is not None:
        await client.remove_sub_issue(*mapping.address(before), issue.id)
    return Written(ref=mapping.ref(item_id, issue), version="", fields={mapping.PARENT: parent})


async def _add(client: GitHubClient, item_id: str, issue: Issue, parent: str) -> None:
    try:
        await client.add_sub_issue(*mapping.address(parent), issue.id)
    except (NotFound, Misconfigured) as absent:
        remedy = "bring that under sync first, and give the account the role 'Triage' in its repository"
        raise Refused(f"{item_id}: there is no issue {parent!r} to be the parent, or it is hidden; {remedy}", mapping.PARENT) from absent


def _asked(repository: str, wanted: JsonValue) -> str | None:
    """The parent's id, which may also be told as a number or `#12` of the same repository."""
    if wanted is None or wanted == "":
        return None
    told = str(wanted).strip()
    try:
        return mapping.item_id(*mapping.address(told if "/" in told else f"{repository}#{told.lstrip('#')}"))
    except NotFound as nothing:
        raise Refused(f"field 'parentId' takes the id of an issue, such as acme/app#12, not {wanted!r}", mapping.PARENT) from nothing
