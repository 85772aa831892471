"""Relations between issues. https://www.redmine.org/projects/redmine/wiki/Rest_IssueRelations."""

import contextlib

from pydantic import JsonValue

from connectors.kit.links import absent, between, change_of
from connectors.redmine.client import RedmineClient
from connectors.redmine.mapping import LINK_TYPES, links
from connectors.redmine.payloads import IssuePayload
from model.errors import NotFound, Refused
from model.item import Fields
from model.links import LINKS


async def change_links(client: RedmineClient, issue: IssuePayload, value: JsonValue) -> None:
    """Redmine has one relation between two issues at most, so that what is there already stays. Refused if there is no such issue."""
    change, there = change_of(client.name, value, LINK_TYPES), links(issue)
    for one in change.left(there):
        with contextlib.suppress(NotFound):
            await client.delete_relation(str(one["id"]))
    still = [one for one in there if one not in change.left(there)]
    for one in change.missing(still):
        if not between(still, one["otherIssueId"]):
            await _add(client, issue, one)


async def _add(client: RedmineClient, issue: IssuePayload, link: Fields) -> None:
    other = str(link["otherIssueId"])
    try:
        await client.add_relation(str(issue.id), other, str(link["linkName"]))
    except Refused as refused:
        if between(links(await client.issue(str(issue.id))), other):
            return
        try:
            await client.issue(other)
        except (NotFound, Refused) as nothing:
            raise absent(client.name, other) from nothing
        raise Refused(refused.message, LINKS) from refused
