"""What the account's role in a repository, and its token, let it do.

https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization,
https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from connectors.github.payloads import Repository
from connectors.kit.interface import Permission
from model.frozen import Frozen

ROLES = {"pull": "Read", "triage": "Triage"}
"""GitHub's names of the least roles, by the keys of a repository's `permissions`."""


class SignedIn(Frozen):
    """`scopes` are those of a classic token; None for a fine-grained one, of which GitHub does not tell what it may do.

    `granted` is what an app may do, None for an account.
    """

    login: str
    scopes: frozenset[str] | None
    granted: Mapping[str, str] | None = None
    platform: str


class Right(Frozen):
    """Something that writes, and the least role that it takes."""

    what: str
    role: Literal["pull", "triage"]


WRITES = (
    Right(what="create issues", role="pull"),
    Right(what="edit issues", role="triage"),
    Right(what="add comments", role="pull"),
    Right(what="edit and delete its own comments", role="pull"),
)
APP = (
    "give the app the repository permission 'Issues: Read and write' (Settings, Developer settings, GitHub Apps, Permissions), and accept "
    "it where the app is installed"
)
LABELS = "set labels, assignees, milestone and type"


def permissions(me: SignedIn, repository: Repository, reading: str) -> Iterator[Permission]:
    """`reading` is why issues cannot be read, empty if they can."""
    name = repository.full_name
    yield Permission(name="see issues", given=not reading, remedy=reading)
    for one in WRITES:
        yield _written(one.what, me, repository, _role(repository, one.role))
    yield _written(LABELS, me, repository, _role(repository, "triage"), sure=repository.permissions.push, unsure=_least("Write", name))


def _role(repository: Repository, least: Literal["pull", "triage"]) -> str:
    """What to do about a role that is too small; empty if it is not."""
    held = {"pull": repository.permissions.pull, "triage": repository.permissions.triage}
    return "" if held[least] else _least(ROLES[least], repository.full_name)


def _least(role: str, repository: str) -> str:
    return f"give the account the role {role!r} in {repository} (Settings, Collaborators and teams)"


def _written(what: str, me: SignedIn, repository: Repository, role: str, *, sure: bool = True, unsure: str = "") -> Permission:
    """`role` is what to do about the role, and `unsure` where it is not `sure` that the role is enough."""
    wanted = "repo" if repository.private else "public_repo"
    if repository.archived:
        return Permission(name=what, given=False, remedy=f"unarchive {repository.full_name} (Settings, Danger Zone): it is read-only")
    if me.granted is not None:
        return Permission.found(what, me.granted.get("issues") == "write", APP)
    if role:
        return Permission(name=what, given=False, remedy=role)
    if me.scopes is None:
        needed = "the fine-grained token needs the repository permission 'Issues: Read and write'; GitHub does not tell whether it has it"
        return Permission(name=what, given=None, remedy=needed)
    if me.scopes.isdisjoint({"repo", wanted}):
        remedy = f"give the token the scope {wanted!r} (Settings, Developer settings, Personal access tokens, Tokens (classic))"
        return Permission(name=what, given=False, remedy=remedy)
    return Permission(name=what, given=True) if sure else Permission(name=what, given=None, remedy=unsure)
