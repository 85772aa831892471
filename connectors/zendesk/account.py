"""What the account's role lets it do, by what Zendesk tells of our own user.

https://developer.zendesk.com/api-reference/ticketing/users/users/ and https://support.zendesk.com/hc/en-us/articles/4408883763866
"""

from connectors.kit.interface import Permission
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.config import Credentials
from connectors.zendesk.payloads import UserPayload
from model.errors import NotFound, Refused

ADMIN = "admin"
LIGHT = {1: "light agent", 2: "chat agent", 3: "contributor", 5: "billing admin"}
"""The values of `role_type` that edit no tickets, as Zendesk calls them."""
WHERE = "(Admin Center, People, Team members)"
ADMINISTRATOR = f"give the account the role 'Administrator' {WHERE}: Zendesk lets nobody else export the changes of all tickets"
ALL_TICKETS = f"let the account access all tickets {WHERE}: it is restricted to {{!r}}"
PUBLIC = f"let the account make public comments {WHERE}"
CUSTOM_ROLE = "the account's custom role has to let it create and edit tickets (Admin Center, People, Team, Roles); Zendesk does not tell"
SCOPE = "the OAuth access token needs the scopes 'read' and 'write'; Zendesk does not tell whether it has them"
DELETED = "let the account's role view deleted tickets (Admin Center, People, Team, Roles)"
NO_TOKENS = (
    "make an OAuth client with the grant type client_credentials (Admin Center, Apps and integrations, APIs, OAuth clients) "
    "and give the system its identifier and secret: Zendesk ends API tokens then"
)


def name(me: UserPayload) -> str:
    return f"{me.name} ({me.email or me.id})"


async def permissions(client: ZendeskClient, me: UserPayload, given: Credentials) -> tuple[Permission, ...]:
    """Those in the whole account, which sides do not divide."""
    found = [
        Permission.found("notice changes", me.role == ADMIN, ADMINISTRATOR),
        Permission.found("see all tickets", me.ticket_restriction is None, ALL_TICKETS.format(me.ticket_restriction)),
        _writing(me, by_token=not (given.email or given.client_id)),
        Permission.found("make public comments", not me.only_private_comments, PUBLIC),
        await _deleted(client),
    ]
    if given.email:
        found.append(Permission(name="log in after 30 April 2027", given=False, remedy=NO_TOKENS, optional=True))
    return tuple(found)


def _writing(me: UserPayload, *, by_token: bool) -> Permission:
    """A light agent or the like edits nothing; what a custom role is good for is not told, nor the scopes of an access token."""
    what = "create and edit tickets"
    if me.role_type in LIGHT:
        remedy = f"give the account a role that edits tickets, such as 'Administrator' {WHERE}: it is a {LIGHT[me.role_type]}"
        return Permission(name=what, given=False, remedy=remedy)
    if me.role != ADMIN and me.custom_role_id is not None:
        return Permission(name=what, given=None, remedy=CUSTOM_ROLE)
    return Permission(name=what, given=None, remedy=SCOPE) if by_token else Permission(name=what, given=True)


async def _deleted(client: ZendeskClient) -> Permission:
    what = "tell a deleted ticket from a hidden one"
    try:
        await client.deleted_tickets()
    except (NotFound, Refused):
        return Permission(name=what, given=False, remedy=DELETED, optional=True)
    return Permission(name=what, given=True, optional=True)
