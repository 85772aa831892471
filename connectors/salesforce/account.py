"""What the account's profile and permission sets let it do with an object, as a describe tells it for whoever asks.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
"""

from collections.abc import Iterator

from connectors.kit.interface import Permission
from connectors.salesforce import soql
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.metadata import Metadata
from connectors.salesforce.payloads import UserRow, VersionPayload
from connectors.salesforce.shape import MARKER_FIELD, ROLES, Shape
from model.errors import NotFound

NEEDED = frozenset({"summary"})
"""Properties that every item has; the others some rules leave alone."""
NO_MARKER = "make the field {1} on {0} (Setup, Object Manager): Text(80), External ID, Unique, editable for the account"
TRANSFER = (
    "to give records to other users and queues, the account needs the permission 'Transfer Cases', or of other objects 'Transfer Record'"
)
NO_CHATTER = "turn on Chatter (Setup, Chatter Settings), and feed tracking for the object"


def name(me: UserRow | None) -> str:
    return f"{me.name} ({me.username})" if me else "an account that may not see itself"


def platform(versions: tuple[VersionPayload, ...]) -> str:
    return f"Salesforce {versions[-1].label} (API {versions[-1].version})" if versions else "Salesforce"


async def everywhere(client: SalesforceClient) -> tuple[Permission, ...]:
    """Who sees another user than oneself sees all, or at least those that are shared."""
    what = "find people by e-mail address"
    if len(await client.rows(soql.select("Id", "User", "IsActive = true", limit=2))) > 1:
        return (Permission(name=what, given=True),)
    return (Permission(name=what, given=None, remedy="give the account the permission 'View All Users': it is shown nobody but itself"),)


async def of_object(metadata: Metadata, shape: Shape) -> tuple[Permission, ...]:
    return (
        *_records(shape),
        *_fields(shape),
        Permission(name="set the assignee to somebody else", given=None, remedy=TRANSFER, optional=True),
        _marker(shape),
        *_comments(shape, await _shape(metadata, "CaseComment" if shape.is_case else "FeedItem")),
        _files(await _shape(metadata, "ContentVersion")),
    )


async def _shape(metadata: Metadata, sobject: str) -> Shape | None:
    try:
        return await metadata.shape(sobject)
    except NotFound:
        return None


def _records(shape: Shape) -> Iterator[Permission]:
    for what, given, permission in (
        ("see", shape.queryable, "Read"),
        ("create", shape.createable, "Create"),
        ("edit", shape.updateable, "Edit"),
    ):
        yield Permission.found(f"{what} records", given, _on_object(permission, shape.label))


def _fields(shape: Shape) -> Iterator[Permission]:
    """A standard field of a case that is not described is hidden; other objects may not have it, and cases have no day due."""
    for role, names in ROLES.items():
        found = shape.roles.get(role)
        if found is not None:
            yield Permission.found(
                f"set the {role}", found.updateable, _on_field("Edit Access", shape, found.name), optional=role not in NEEDED
            )
        elif shape.is_case and role != "due":
            yield Permission.found(
                f"set the {role}", False, _on_field("Read Access and Edit Access", shape, names[0]), optional=role not in NEEDED
            )


def _marker(shape: Shape) -> Permission:
    what = "mark records by a field that people do not see"
    return Permission.found(what, bool(shape.marker_field), NO_MARKER.format(shape.label, MARKER_FIELD), optional=True)


def _comments(shape: Shape, comments: Shape | None) -> Iterator[Permission]:
    """Of cases by the permissions on cases, of others posts of their feeds."""
    remedy = _on_object("Edit", shape.label) if shape.is_case else NO_CHATTER
    yield Permission.found("add comments", comments is not None and comments.createable, remedy, optional=not shape.is_case)
    yield Permission.found("edit its own comments", comments is not None and comments.updateable, remedy, optional=True)


def _files(versions: Shape | None) -> Permission:
    remedy = "let the account use Salesforce Files (Setup, Salesforce Files, General Settings)"
    return Permission.found("add files", versions is not None and versions.createable, remedy)


def _on_object(permission: str, label: str) -> str:
    return f"give the account the object permission {permission!r} on {label} (its permission set, Object Settings)"


def _on_field(access: str, shape: Shape, field: str) -> str:
    return f"give the account {access} to {shape.name}.{field} (its permission set, Object Settings, {shape.label}, Field Permissions)"
