"""What the account's roles in a project let it do.

https://www.redmine.org/projects/redmine/wiki/Rest_Roles
"""

from collections.abc import Collection
from dataclasses import dataclass

from connectors.kit.interface import Permission


@dataclass(frozen=True)
class Right:
    """What Twinline does, what Redmine calls the permission, and which of its symbols give it; `optional` if only some rules need it."""

    what: str
    title: str
    symbols: frozenset[str]
    optional: bool = False


RIGHTS: tuple[Right, ...] = (
    Right("see issues", "View issues", frozenset({"view_issues"})),
    Right("create issues", "Add issues", frozenset({"add_issues"})),
    Right("edit issues, add and delete files", "Edit issues", frozenset({"edit_issues"})),
    Right("add comments", "Add notes", frozenset({"add_issue_notes"})),
    Right("edit and delete its own comments", "Edit own notes", frozenset({"edit_own_issue_notes", "edit_issue_notes"})),
    Right("see private comments", "View private notes", frozenset({"view_private_notes"})),
    Right("make comments private", "Set notes as private", frozenset({"set_notes_private"})),
    Right("link issues", "Manage issue relations", frozenset({"manage_issue_relations"}), optional=True),
    Right("see spent time", "View spent time", frozenset({"view_time_entries"}), optional=True),
    Right("log spent time", "Log spent time", frozenset({"log_time"}), optional=True),
    Right("edit its own spent time", "Edit own time logs", frozenset({"edit_own_time_entries", "edit_time_entries"}), optional=True),
)


def permissions(held: Collection[str] | None, roles: Collection[str], project: str) -> tuple[Permission, ...]:
    """`held` are the symbols of all roles that the account has in the project; None for an administrator, who may do everything."""
    return tuple(_permission(one, held, roles, project) for one in RIGHTS)


def _permission(right: Right, held: Collection[str] | None, roles: Collection[str], project: str) -> Permission:
    if held is None or not right.symbols.isdisjoint(held):
        return Permission(name=right.what, given=True, optional=right.optional)
    remedy = _remedy(right.title, roles, project)
    return Permission(name=right.what, given=False if roles else None, remedy=remedy, optional=right.optional)


def _remedy(title: str, roles: Collection[str], project: str) -> str:
    """Who is no member sees a project only if it is public, and has the rights of the role 'Non member' there, which no listing tells."""
    if not roles:
        return f"make the account a member of project {project!r}, with a role that has {title!r}"
    names = " or ".join(repr(one) for one in sorted(roles))
    return f"give role {names} the permission {title!r} (Administration, Roles and permissions)"
