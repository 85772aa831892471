"""What the account may do on an instance, as far as reading proves it: writing is up to access rules that only administrators may read.

https://www.servicenow.com/docs/r/platform-security/access-control/access-control-rules.html
"""

from collections.abc import Sequence

from connectors.kit.interface import Permission
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.payloads import Row
from connectors.servicenow.refusals import Forbidden
from connectors.servicenow.tables import HUB, JOURNALS, Table
from model.frozen import Frozen

WHO = "javascript:gs.getUserID()"
"""Us, in a query: https://www.servicenow.com/docs/r/platform-user-interface/r_OpAvailableFiltersQueries.html."""
READ_ONLY = "snc_read_only"
ADMIN = "admin"
ACL = "add an access control (ACL) for the operation 'read' on table {!r} for a role of the account"


class Reading(Frozen):
    """What Twinline reads besides the records: the column of the table that names theirs; `optional` if it can do without."""

    what: str
    table: str
    column: str
    optional: bool = False


READINGS = (
    Reading(what="see comments and work notes", table="sys_journal_field", column="name"),
    Reading(what="see files", table="sys_attachment", column="table_name"),
    Reading(what="notice deletions", table="sys_audit_delete", column="tablename", optional=True),
)


async def myself(client: ServiceNowClient, user: str) -> Row | None:
    """Our own user, by its name where there is one; None where the account may not see it."""
    query = f"user_name={user}" if user else f"sys_id={WHO}"
    page = await client.page("sys_user", query, ("sys_id", "name", "user_name"), limit=2)
    return page.rows[0] if len(page.rows) == 1 else None


def name(me: Row | None, user: str) -> str:
    return f"{me.shown('name')} ({me.raw('user_name')})" if me else user or "an account that may not see itself in sys_user"


async def roles(client: ServiceNowClient, me: Row | None) -> frozenset[str] | None:
    """Their names, those of groups and those that roles contain included; None where the account may not see them."""
    if me is None:
        return None
    try:
        page = await client.page("sys_user_has_role", f"user={me.sys_id}^state=active", ("role",))
    except Forbidden:
        return None
    return frozenset(one.shown("role") for one in page.rows) or None


async def permissions(client: ServiceNowClient, table: Table, held: frozenset[str] | None) -> tuple[Permission, ...]:
    found = [*await _records(client, table), *[await _reading(client, table, one) for one in READINGS]]
    if table.computes_priority:
        found.append(await _priorities(client))
    return (*found, _writing(table, held))


async def _records(client: ServiceNowClient, table: Table) -> Sequence[Permission]:
    """The records, and the columns that an access rule takes out of one."""
    what = f"see records of {table.name}"
    page = await client.page(table.name, "ORDERBYDESCsys_updated_on", table.elements, limit=1)
    if not page.rows:
        return [Permission(name=what, given=None, remedy=f"none is shown; if there is one, {ACL.format(table.name)}")]
    wanted = {column.element for one in HUB if (column := table.standing_for(one)) is not None} | {table.key, table.marker}
    hidden = sorted(one for one in wanted if not page.rows[0].has(one))
    remedies = (f"add an access control (ACL) for the operation 'read' on {table.name}.{one} for a role of the account" for one in hidden)
    columns = [Permission(name=f"see the column {one}", given=False, remedy=remedy) for one, remedy in zip(hidden, remedies, strict=True)]
    return [Permission(name=what, given=True), *columns]


async def _reading(client: ServiceNowClient, table: Table, one: Reading) -> Permission:
    """An empty list is what access rules leave of a full one, and what there is where nothing happened yet."""
    try:
        page = await client.page(one.table, f"{one.column}IN{','.join(table.family)}", ("sys_id",), limit=1)
    except Forbidden:
        return Permission(name=one.what, given=False, remedy=ACL.format(one.table), optional=one.optional)
    if page.rows:
        return Permission(name=one.what, given=True, optional=one.optional)
    remedy = f"none is shown for {table.name}; if there is one, {ACL.format(one.table)}"
    return Permission(name=one.what, given=None, remedy=remedy, optional=one.optional)


async def _priorities(client: ServiceNowClient) -> Permission:
    """Without it those of a fresh instance are assumed."""
    what, source = "see how priorities are computed", "dl_u_priority"
    try:
        await client.page(source, "", ("sys_id",), limit=1)
    except Forbidden:
        return Permission(name=what, given=False, remedy=ACL.format(source), optional=True)
    return Permission(name=what, given=True, optional=True)


def _writing(table: Table, held: frozenset[str] | None) -> Permission:
    what = "create and edit records"
    if held and READ_ONLY in held:
        return Permission(name=what, given=False, remedy=f"take the role {READ_ONLY!r} from the account: with it nothing can be written")
    if held and ADMIN in held:
        return Permission(name=what, given=True)
    journals = [one for one in JOURNALS.values() if one in table.columns]
    columns = ", ".join([table.marker, *journals])
    have = f"the account has the roles {', '.join(sorted(held))}; " if held else ""
    needed = f"give it a role, such as 'itil', that access controls (ACL) let create and write {table.name}, {columns} included"
    return Permission(name=what, given=None, remedy=f"{have}{needed}")
