"""What a ticket itself tells of other tickets, as links that are read only. Pure.

https://developer.zendesk.com/documentation/ticketing/reference-guides/via-object-reference/
"""

from pydantic import JsonValue

from connectors.zendesk.payloads import TicketPayload
from model.links import LinkType

PROBLEM = LinkType(name="Problem", outward="causes", inward="is caused by")
FOLLOW_UP = LinkType(name="Follow-up", outward="follows up", inward="is followed up by")
_FOLLOWS = "follow_up"


def links(ticket: TicketPayload) -> list[JsonValue]:
    """Of an incident its problem, which does not tell its incidents; of a follow-up the closed ticket, and of that its follow-ups."""
    source = ticket.via.source if ticket.via else None
    followed = source.origin.ticket_id if source and source.rel == _FOLLOWS and source.origin else None
    return [
        *(PROBLEM.link(str(one), outward=False) for one in (ticket.problem_id,) if one),
        *(FOLLOW_UP.link(str(one), outward=True) for one in (followed,) if one),
        *(FOLLOW_UP.link(str(one), outward=False) for one in ticket.followup_ids or ()),
    ]
