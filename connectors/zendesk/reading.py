"""Whole tickets, with comments and files, as they are now."""

from collections.abc import Mapping, Sequence

from connectors.kit.together import Together
from connectors.zendesk import mapping
from connectors.zendesk.client import PAGE, ZendeskClient, number
from connectors.zendesk.comments import Comments
from connectors.zendesk.metadata import Metadata
from connectors.zendesk.payloads import TicketAnswer, TicketPayload
from model.errors import Gone, NotFound
from model.item import Item


class Reading:
    """Reads tickets, together those that are asked for together, and the comments of each, which Zendesk lists for one ticket only.

    Comments are read of every ticket: what a ticket shows of its only one, the description, has neither its formatting nor its files.
    """

    def __init__(self, client: ZendeskClient, metadata: Metadata, comments: Comments) -> None:
        self._client = client
        self._metadata = metadata
        self._comments = comments
        self._tickets = Together(client.ticket, self._several, PAGE)

    async def item(self, ticket_id: str) -> Item:
        """Gone where Zendesk tells that the ticket was deleted."""
        answer = await self._ticket(number(ticket_id))
        talk = await self._comments.of(ticket_id)
        people = {one.id: one for one in answer.users if one.id is not None}
        return mapping.to_item(answer.ticket, talk.comments, talk.marks, await self._metadata.around({**talk.people, **people}))

    async def _ticket(self, ticket_id: str) -> TicketAnswer:
        gone = Gone(f"{self._client.name}: ticket #{ticket_id} was deleted")
        try:
            answer = await self._tickets.get(ticket_id)
        except NotFound as absent:
            if ticket_id in {str(one) for one in await self._client.deleted_lately()}:
                raise gone from absent
            raise
        if answer.ticket.status == "deleted":
            raise gone
        return answer

    async def _several(self, ticket_ids: Sequence[str]) -> Mapping[str, TicketAnswer]:
        """By id, those that come with all the users that they name, as single ones do."""
        page = await self._client.tickets(ticket_ids)
        known = {one.id for one in page.users}
        return {
            str(one.id): TicketAnswer(ticket=one, users=page.users)
            for one in page.tickets
            if str(one.id) in ticket_ids and _people(one) <= known
        }


def _people(ticket: TicketPayload) -> set[int]:
    return {one for one in (ticket.requester_id, ticket.submitter_id, ticket.assignee_id) if one is not None}
