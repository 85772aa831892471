"""What the account's roles in a project let it do.

https://www.redmine.org/projects/redmine/wiki/Rest_Roles
"""

from collections.abc import Collection

from connectors.kit.interface import Permission

RIGHTS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("see issues", "View issues", frozenset({"view_issues"})),
    ("create issues", "Add issues", frozenset({"add_issues"})),
    ("edit issues, add and delete files", "Edit issues", frozenset({"edit_issues"})),
    ("add comments", "Add notes", frozenset({"add_issue_notes"})),
    ("edit and delete its own comments", "Edit own notes", frozenset({"edit_own_issue_notes", "edit_issue_notes"})),
    ("see private comments", "View private notes", frozenset({"view_private_notes"})),
    ("make comments private", "Set notes as private", frozenset({"set_notes_private"})),
)
"""What Twinline does, what Redmine calls the permission, and which of its symbols give it."""


def permissions(held: Collection[str] | None, roles: Collection[str], project: str) -> tuple[Permission, ...]:
    """`held` are the symbols of all roles that the account has in the project; None for an administrator, who may do everything."""
    return tuple(
        Permission(name=what, given=True)
        if held is None or not needed.isdisjoint(held)
        else Permission(name=what, given=False if roles else None, remedy=_remedy(title, roles, project))
        for what, title, needed in RIGHTS
    )


def _remedy(title: str, roles: Collection[str], project: str) -> str:
    """Who is no member sees a project only if it is public, and has the rights of the role 'Non member' there, which no listing tells."""
    if not roles:
        return f"make the account a member of project {project!r}, with a role that has {title!r}"
    names = " or ".join(repr(one) for one in sorted(roles))
    return f"give role {names} the permission {title!r} (Administration, Roles and permissions)"
