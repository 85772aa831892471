"""What an account lacks in a repository, by its role and by its token, and how it gets it."""

from typing import Any

import pytest
from github_site import SETTINGS, access, running

from connectors.github.connector import GitHubConnector
from connectors.kit.interface import Account, Permission
from model.errors import LoginRejected, Misconfigured

TRIAGE = "give the account the role 'Triage' in acme/app (Settings, Collaborators and teams)"
WRITE = "give the account the role 'Write' in acme/app (Settings, Collaborators and teams)"
SCOPE = "give the token the scope 'public_repo' (Settings, Developer settings, Personal access tokens, Tokens (classic))"
FINE = "the fine-grained token needs the repository permission 'Issues: Read and write'; GitHub does not tell whether it has it"
ARCHIVED = "unarchive acme/app (Settings, Danger Zone): it is read-only"


def _seed(role: str = "write", scopes: list[str] | None = None, issues: str = "write", **repository: Any) -> dict[str, Any]:
    rita = {"login": "rita", "token": "rita-token", "scopes": scopes, "issues": issues}
    return {"users": [rita], "repositories": [{"name": "acme/app", "roles": {"rita": role}, **repository}]}


async def _asked(seed: dict[str, Any], path: str = "") -> Account:
    async with running(seed) as site:
        rita = GitHubConnector(access(site.url + path, "rita-token"))
        try:
            return await rita.account(SETTINGS)
        finally:
            await rita.aclose()


def _missing(given: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in given if not one.given}


async def test_an_account_with_all_rights_lacks_nothing() -> None:
    me = await _asked(_seed(scopes=["repo"]), "/api/v3")
    assert (me.name, me.platform) == ("rita", "GitHub Enterprise Server 3.19.0")
    assert len(me.permissions) == 6
    assert _missing(me.permissions) == {}


async def test_a_small_role_is_named() -> None:
    me = await _asked(_seed("read", ["repo"]))
    assert me.platform == "GitHub"
    assert _missing(me.permissions) == {"edit issues": (False, TRIAGE), "set labels, assignees, milestone and type": (False, TRIAGE)}


async def test_where_the_documentation_promises_less_than_the_role_it_is_unknown() -> None:
    assert _missing((await _asked(_seed("triage", ["repo"]))).permissions) == {"set labels, assignees, milestone and type": (None, WRITE)}


async def test_a_classic_token_that_only_reads_is_told_its_scope() -> None:
    missing = _missing((await _asked(_seed(scopes=["read:user"], private=False))).permissions)
    assert set(missing.values()) == {(False, SCOPE)}
    assert len(missing) == 5
    assert _missing((await _asked(_seed(scopes=["public_repo"], private=False))).permissions) == {}


async def test_of_a_fine_grained_token_only_writing_tells() -> None:
    missing = _missing((await _asked(_seed(scopes=None))).permissions)
    assert set(missing.values()) == {(None, FINE)}
    assert len(missing) == 5
    assert _missing((await _asked(_seed("read", None))).permissions)["edit issues"] == (False, TRIAGE)


async def test_nobody_writes_to_an_archive() -> None:
    assert set(_missing((await _asked(_seed(scopes=["repo"], archived=True))).permissions).values()) == {(False, ARCHIVED)}


async def test_issues_that_cannot_be_read_are_told() -> None:
    first, *_ = (await _asked(_seed(scopes=None, issues="none"))).permissions
    assert (first.name, first.given) == ("see issues", False)
    assert "Resource not accessible by personal access token; give it 'Issues: read and write'" in first.remedy


async def test_it_fails_as_a_check_does() -> None:
    with pytest.raises(Misconfigured, match="may not see it"):
        await _asked(_seed(scopes=["read:user"]))
    async with running() as site:
        stranger = GitHubConnector(access(site.url, "stale"))
        with pytest.raises(LoginRejected):
            await stranger.account(None)
        await stranger.aclose()
