"""Links between issues.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links/
"""

import contextlib

from pydantic import JsonValue

from connectors.jira.client import JiraClient
from connectors.jira.mapping import links
from connectors.jira.metadata import Metadata
from connectors.jira.payloads import IssuePayload
from connectors.kit.links import absent, change_of
from model.errors import NotFound
from model.item import Fields


async def change_links(client: JiraClient, metadata: Metadata, issue: IssuePayload, value: JsonValue) -> None:
    """Refused if there is no such issue or type; the one that a link leads from is Jira's inward issue."""
    change, there = change_of(client.name, value, await metadata.link_types()), links(issue.fields.issuelinks)
    for one in change.left(there):
        with contextlib.suppress(NotFound):
            await client.delete_link(str(one["id"]))
    for one in change.missing(there):
        await _add(client, issue.id, one)


async def _add(client: JiraClient, issue_id: str, link: Fields) -> None:
    other = str(link["otherIssueId"])
    source, target = (issue_id, other) if link["isOutward"] else (other, issue_id)
    try:
        await client.add_link(str(link["linkTypeName"]), source, target)
    except NotFound as nothing:
        raise absent(client.name, other) from nothing
