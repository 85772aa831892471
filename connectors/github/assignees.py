"""Whom an issue is to be assigned to: https://docs.github.com/en/rest/issues/assignees."""

from pydantic import JsonValue

from connectors.github.client import GitHubClient
from connectors.github.metadata import Metadata
from connectors.kit.fresh import Fresh
from model.errors import NotFound, Refused
from model.item import Fields

MOST = 10
NAMES = frozenset({"assignee", "assignees"})


class Assignees:
    """GitHub leaves out who cannot be assigned, without a word, so that it is asked before."""

    def __init__(self, client: GitHubClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata
        self._assignable: Fresh[None] = Fresh()

    async def wanted(self, repository: str, fields: Fields) -> tuple[str, ...]:
        """The logins that `assignee` and `assignees` name, the single one first; Refused for one whom GitHub would leave out."""
        named: list[tuple[str, JsonValue]] = []
        if fields.get("assignee") is not None:
            named.append(("assignee", fields["assignee"]))
        named += [("assignees", one) for one in _listed(fields.get("assignees"))]
        found: dict[str, str] = {}
        for field, person in named:
            login = await self._metadata.login(field, person)
            if login.lower() not in found:
                found[login.lower()] = login
                await self._require_assignable(field, repository, login)
        if len(found) > MOST:
            many = f"field 'assignees' takes at most {MOST} people on GitHub, not {len(found)}"
            raise Refused(f"{many}; take some out in the rules", "assignees")
        return tuple(found.values())

    async def _require_assignable(self, field: str, repository: str, login: str) -> None:
        try:
            await self._assignable.get(f"{repository}/{login.lower()}", lambda: self._client.require_assignable(repository, login))
        except NotFound as error:
            remedy = f"add them to {repository} (Settings, Collaborators and teams), or take them out in the rules"
            raise Refused(f"field {field!r}: {login!r} cannot be assigned in {repository}; {remedy}", field) from error


def _listed(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(f"field 'assignees' takes a list of users, not {value!r}", "assignees")
    return value
