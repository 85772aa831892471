"""Trigger queries in Zendesk's search language: https://support.zendesk.com/hc/en-us/articles/4408886879258.

Zendesk takes a keyword that it does not know for a word to look for, and then finds other tickets than were meant. So keywords and their
values are looked at here, before Zendesk is asked.
"""

import re
from datetime import datetime

from connectors.kit.interface import Change
from connectors.zendesk import mapping
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.mapping import Catalogue
from connectors.zendesk.payloads import TicketPayload
from model.errors import BadInput, Refused

KEYWORDS = frozenset(
    {"assignee", "brand", "brand_id", "cc", "commenter", "created", "custom_status_id", "description", "due_date", "external_id",
     "fieldvalue", "follower", "form", "group", "has_attachment", "language", "organization", "priority", "recipient", "requester",
     "satisfaction", "solved", "status", "subject", "submitter", "tags", "ticket_form_id", "ticket_type", "type", "updated", "via"}
)  # fmt: skip
_TERM = re.compile(r'-?(?P<keyword>[a-z_0-9]+)(?P<sign>:|<=|>=|<|>)(?P<value>"[^"]*"|\S*)')
_FIELD = re.compile(r"custom_field_(\d+)")
_SYNTAX = "https://support.zendesk.com/hc/en-us/articles/4408886879258"
_VALUES = {"status": mapping.STATUSES, "priority": mapping.PRIORITIES, "ticket_type": mapping.TYPES, "type": {"ticket": "Ticket"}}


async def check(client: ZendeskClient, catalogue: Catalogue, query: str) -> None:
    """BadInput if the query says what Zendesk would misread or does not accept."""
    fault = misread(query, catalogue)
    if fault:
        raise BadInput(f"{client.name}: the query {query!r} {fault}; its syntax: {_SYNTAX}")
    try:
        await client.search(query, size=1)
    except Refused as error:
        raise BadInput(f"{client.name} does not accept the query {query!r}: {error.message}; its syntax: {_SYNTAX}") from error


def misread(query: str, catalogue: Catalogue) -> str:
    """What is wrong with the query, empty if nothing is."""
    if not query.strip():
        return "is empty and would take in every ticket; say which ones, such as tags:sync"
    if query.count('"') % 2:
        return "has a quotation mark without its other one"
    for term in _TERM.finditer(query):
        keyword, value = term["keyword"], term["value"].strip('"')
        field = _FIELD.fullmatch(keyword)
        if field and all(str(one.id) != field[1] for one in catalogue.fields):
            return f"names field {field[1]}, which this Zendesk does not have"
        if not field and keyword not in KEYWORDS:
            return f"has the keyword {keyword!r}, which tickets do not have (keywords: {', '.join(sorted(KEYWORDS))}, custom_field_ID)"
        if not value:
            return f"gives {keyword!r} no value"
        if term["sign"] == ":" and keyword in _VALUES and value != "none" and value.lower() not in _VALUES[keyword]:
            return f"asks for {keyword} {value!r} (values: {', '.join(_VALUES[keyword])})"
    return ""


async def matching(client: ZendeskClient, query: str, since: datetime | None) -> tuple[Change, ...]:
    """All tickets that match, on all pages, each once."""
    whole = f"{query} updated>={mapping.stamp(since)}" if since else query
    found: dict[int, TicketPayload] = {}
    after = ""
    while True:
        try:
            page = await client.search(whole, after=after)
        except Refused as error:
            raise BadInput(f"{client.name} does not accept the query {query!r}: {error.message}") from error
        found.update((one.id, one) for one in page.results)
        after = page.meta.after_cursor or ""
        if not page.meta.has_more or not after:
            break
    return tuple(mapping.change(one) for one in found.values() if since is None or one.updated_at >= since.replace(microsecond=0))
