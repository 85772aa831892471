"""Answers to the rule language's questions: users, issue types, statuses. Kept for a few minutes."""

import re
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic

from pydantic import JsonValue

from connectors.github import mapping
from connectors.github.client import GitHubClient
from connectors.github.config import REPOSITORY
from connectors.github.payloads import Named, User
from model.errors import NotFound, Refused

KEPT_SECONDS = 300.0
KEPT_ANSWERS = 5000


class Metadata:
    """What GitHub knows of names."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client
        self._users: dict[tuple[str, str], tuple[float, User | None]] = {}
        self._types: dict[str, tuple[float, tuple[Named, ...]]] = {}

    async def lookup(self, repository: str, name: str, argument: str) -> JsonValue:
        """None for "no such thing"."""
        match name:
            case "status":
                status = argument.lower()
                category = mapping.CATEGORIES.get(status)
                return {"name": status, "id": status, "category": category} if category else None
            case "issue_type":
                kind = await self._type(repository, argument)
                return {"name": kind.name, "id": str(kind.id)} if kind else None
            case "project":
                return await self._project(argument)
            case "user":
                by_id = argument.isdecimal()
                return mapping.user(await (self._by_id(argument) if by_id else self._by_login(argument)))
            case "user_by_username":
                return mapping.user(await self._by_login(argument))
            case "user_by_email":
                return mapping.user(await self._by_email(argument))
            case _:
                return None

    async def login(self, field: str, person: JsonValue) -> str:
        """The login that a hub user names; Refused if it names no GitHub user."""
        if not isinstance(person, dict):
            raise Refused(f"field {field!r} takes users, not {person!r}", field)
        username, key = person.get("username"), person.get("key")
        if isinstance(username, str) and username:
            return username
        user = await self._by_id(key) if isinstance(key, str) and key.isdecimal() else None
        if user is None:
            raise Refused(f"field {field!r}: {person!r} names no GitHub user; give 'username' or the numeric 'key'", field)
        return user.login

    async def addresses(self, logins: Iterable[str]) -> dict[str, str]:
        """The public e-mail addresses of those who show one, by login."""
        users = [await self._by_login(one) for one in dict.fromkeys(logins)]
        return {one.login: one.email for one in users if one is not None and one.email}

    async def known_type(self, repository: str, name: str) -> str:
        """GitHub's spelling of an issue type; Refused with the options if there is none."""
        kind = await self._type(repository, name)
        if kind is None:
            options = ", ".join(repr(one.name) for one in await self._all_types(repository))
            raise Refused(f"field 'type' has no option {name!r} in {repository} (options: {options or 'none'})", "type")
        return kind.name

    async def type_ids(self, repository: str) -> dict[str, int | None]:
        """The issue types that issues of the repository can have, by name."""
        return {one.name: one.id for one in await self._all_types(repository)}

    async def _type(self, repository: str, name: str) -> Named | None:
        return next((one for one in await self._all_types(repository) if one.name.lower() == name.lower()), None)

    async def _all_types(self, repository: str) -> tuple[Named, ...]:
        kept = self._types.get(repository)
        if kept is None or kept[0] < monotonic():
            kept = self._types[repository] = (monotonic() + KEPT_SECONDS, await self._client.issue_types(repository))
        return kept[1]

    async def _project(self, name: str) -> JsonValue:
        repository = await self._client.known_repository(name) if re.fullmatch(REPOSITORY, name) else None
        return None if repository is None else {"key": repository.full_name, "name": repository.name, "id": repository.full_name.lower()}

    async def _by_login(self, login: str) -> User | None:
        return await self._user("login", login.lower(), lambda: self._client.user(login))

    async def _by_id(self, identity: str) -> User | None:
        return await self._user("id", identity, lambda: self._client.user_by_id(int(identity)))

    async def _by_email(self, address: str) -> User | None:
        return await self._user("email", address.lower(), lambda: self._search(address))

    async def _search(self, address: str) -> User:
        """GitHub finds public addresses only, and names no address in its results."""
        for one in await self._client.search_users(f"{address} in:email"):
            user = await self._by_login(one.login)
            if user is not None and user.email is not None and user.email.lower() == address.lower():
                return user
        raise NotFound(f"no GitHub user shows the address {address!r}")

    async def _user(self, by: str, value: str, ask: Callable[[], Awaitable[User]]) -> User | None:
        kept = self._users.get((by, value))
        if kept is None or kept[0] < monotonic():
            try:
                user = await ask()
            except NotFound:
                user = None
            if len(self._users) >= KEPT_ANSWERS:
                self._users.clear()
            kept = self._users[by, value] = (monotonic() + KEPT_SECONDS, user)
        return kept[1]
