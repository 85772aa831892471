"""GitHub as the engine sees it."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NoReturn

from pydantic import JsonValue

from connectors.github import account, feed, links, mapping, parents, payloads, text, triggers
from connectors.github.assignees import NAMES, Assignees
from connectors.github.client import GitHubClient
from connectors.github.config import repository_of
from connectors.github.metadata import Metadata
from connectors.github.milestones import LOOKUPS, Milestones
from connectors.github.reading import Reading
from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.kit.links import TYPES, as_answer
from model.errors import Misconfigured, NotFound, Refused, Stale
from model.item import Attachment, Comment, Fields, Item
from model.links import LINKS

CAPABILITIES = Capabilities(
    writable=mapping.WRITABLE,
    apart=frozenset({mapping.PARENT}),
    status_by="field",
    created_with_status=False,
    comments=frozenset({"edit", "delete"}),
    attachments=False,
    exact_versions=True,
    search_lag=60,
    hooks=True,
    mentions="login",
    links=True,
)
REMEMBERED = 20_000
NO_FILES = "GitHub has no interface for files of issues; take attachments out of the rules of this side"


class GitHubConnector:
    """One account. `settings` of a side name its repository."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._client = GitHubClient(access)
        self._metadata = Metadata(self._client)
        self._assignees = Assignees(self._client, self._metadata)
        self._milestones = Milestones(self._client)
        self._reading = Reading(self._client, self._metadata)
        self._markers: dict[str, str | None] = {}
        self._issues: set[str] = set()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        await self._client.signed_in("" if settings is None else repository_of(settings))
        if settings is None:
            return
        name = repository_of(settings)
        repository = await self._client.known_repository(name)
        if repository is None:
            known = ", ".join(sorted(one.full_name for one in await self._client.my_repositories(name.partition("/")[0])))
            hidden = f"repository {name!r} does not exist, or the token may not see it"
            raise Misconfigured(f"{self._client.system}: {hidden}; it sees: {known or 'none'}")
        if not repository.has_issues:
            raise Misconfigured(f"{self._client.system}: issues are switched off in {name!r}; switch them on in the repository's settings")

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        me = await self._client.signed_in("" if settings is None else repository_of(settings))
        found = Account(name=me.login, platform=me.platform)
        if settings is None:
            return found
        repository = await self._client.repository(repository_of(settings))
        given = account.permissions(me, repository, await self._why_unreadable(repository.full_name))
        return found.model_copy(update={"permissions": tuple(given)})

    async def _why_unreadable(self, repository: str) -> str:
        try:
            await self._client.issues(repository, {"per_page": 1})
        except Refused as error:
            return error.message
        return ""

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await triggers.check(self._client, repository_of(settings), query)

    async def read(self, item_id: str) -> Item:
        read = await self._reading.item(item_id)
        item = mapping.item(item_id, read.issue, read.comments, await self._addresses(read.issue), read.pull, read.links)
        self._known(item_id, read.issue)
        for one in item.comments:
            self._remember(one.id, one.marker)
        return item

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        """A repository that was renamed is found by its old name."""
        here, named = item.ref.key.partition("#")[0], repository_of(settings)
        if here.lower() == named:
            return ""
        known = await self._client.known_repository(named)
        return "" if known is None or known.full_name.lower() == here.lower() else f"was transferred to repository {here!r}"

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        repository = repository_of(settings)
        named = mapping.place(key)
        asked, number = named or mapping.address(key if "/" in key else f"{repository}#{key.strip().lstrip('#')}")
        if asked.lower() != repository:
            raise NotFound(f"{key!r} is not in the repository {repository!r} of this side")
        return mapping.change(repository, await self._client.issue(repository, number))

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        repository = repository_of(settings)
        if fields.get("resolution") is not None:
            raise Refused("GitHub creates issues open: field 'resolution' can only be set together with status 'closed'", "resolution")
        wanted: Fields = {"description": None, **fields}
        payload = await self._payload(repository, wanted, marker)
        issue = await self._client.create_issue(repository, payload)
        identity = mapping.item_id(repository, issue.number)
        self._known(identity, issue)
        return await self._written(identity, issue, {"status": None, **fields})

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        if fields.keys() == {mapping.PARENT}:
            return await parents.put_below(self._client, item_id, fields[mapping.PARENT], version)
        repository, number = mapping.address(item_id)
        if fields and item_id not in self._issues:
            await self._require_issue(item_id, version)
        if LINKS in fields:
            return await self._link(item_id, fields[LINKS])
        marker = await self._marker(item_id) if "description" in fields else None
        home = await self._home(repository, number) if fields.get("milestone") else repository
        payload = await self._payload(home, fields, marker)
        if "state_reason" in payload:
            await self._require_closed(repository, number, payload)
        issue = await (self._client.update_issue(repository, number, payload) if payload else self._client.issue(repository, number))
        return await self._written(item_id, issue, fields)

    async def _link(self, item_id: str, change: JsonValue) -> Written:
        await links.change_links(self._client, item_id, change)
        issue = await self._client.issue(*mapping.address(item_id))
        shown: Fields = {LINKS: await links.links(self._client, issue)}
        return Written(ref=mapping.ref(item_id, issue), version=mapping.version(issue), fields=shown)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        del version
        return await self.update(item_id, {"status": {"name": status}})

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        """By the repository's list, which is not the search index."""
        repository = repository_of(settings)
        query: dict[str, str | int] | None = {"sort": "created", "direction": "desc", "since": mapping.stamp(since)}
        while query is not None:
            page = await self._client.issues(repository, query)
            for one in page.items:
                if one.pull_request is None and text.received(one.body)[1] == marker:
                    return await self.read(mapping.item_id(repository, one.number))
            query = page.links.get("next")
        return None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        if internal:
            raise Refused(f"{item_id}: GitHub has no internal comments; leave internal comments out of the rules of this side", "comments")
        repository, number = mapping.address(item_id)
        return self._seen(await self._client.create_comment(repository, number, text.sent(body, marker)))

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        repository, number = mapping.address(item_id)
        async for one in self._client.comments_backwards(repository, number):
            if text.received(one.body)[1] == marker:
                return self._seen(one)
        return None

    def as_read(self, written: str) -> str:
        return text.received(text.sent(written, None))[0]

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        repository, _ = mapping.address(item_id)
        if comment_id not in self._markers:
            self._seen(await self._client.comment(repository, comment_id))
        return self._seen(await self._client.update_comment(repository, comment_id, text.sent(body, self._markers[comment_id])))

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        repository, _ = mapping.address(item_id)
        try:
            await self._client.delete_comment(repository, comment_id)
        except NotFound:
            return

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        _no_files(attachment.filename)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        del item_id, content, marker
        _no_files(attachment.filename)

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del item_id, marker, others
        _no_files(like.filename)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        del item_id
        _no_files(attachment_id)

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        return await feed.changes(self._client, repository_of(settings), cursor)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        return await triggers.matching(self._client, repository_of(settings), query, since)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        if name == TYPES:
            return as_answer(links.LINK_TYPES)
        if name in LOOKUPS:
            return await self._milestones.lookup(repository_of(settings), name, arguments)
        argument = arguments[0] if arguments else None
        return await self._metadata.lookup(repository_of(settings), name, argument) if argument else None

    async def _require_issue(self, item_id: str, version: str) -> None:
        """GitHub edits pull requests by the calls for issues. Stale if what is read for that shows a change since `version`."""
        issue = await self._client.issue(*mapping.address(item_id))
        self._known(item_id, issue)
        if issue.pull_request is not None:
            remedy = "leave its fields out of the incoming rules with 'if (issue.typeName != \"Pull request\")'"
            raise Refused(f"{item_id} is a pull request, of which only comments are written; {remedy}")
        if version and mapping.second(mapping.version(issue)) > mapping.second(version):
            raise Stale(f"{item_id} changed since the plan was made", mapping.version(issue))

    async def _home(self, repository: str, number: int) -> str:
        """Where the issue is now: a transferred one has the milestones of its new repository, under other numbers."""
        where = mapping.place((await self._client.issue(repository, number)).html_url)
        return where[0] if where else repository

    async def _payload(self, repository: str, fields: Fields, marker: str | None) -> dict[str, JsonValue]:
        payload = mapping.to_payload(fields, marker, await self._assignees.wanted(repository, fields))
        kind, title = payload.get("type"), payload.get("milestone")
        if isinstance(kind, str):
            payload["type"] = await self._metadata.known_type(repository, kind)
        if isinstance(title, str):
            payload["milestone"] = await self._milestones.number(repository, title)
        return payload

    async def _require_closed(self, repository: str, number: int, payload: dict[str, JsonValue]) -> None:
        """GitHub takes a reason only together with the state."""
        state = payload.get("state") or (await self._client.issue(repository, number)).state
        if state != "closed":
            raise Refused(f"{repository}#{number}: field 'resolution' can only be set together with status 'closed'", "resolution")
        payload["state"] = state

    async def _marker(self, item_id: str) -> str | None:
        if item_id not in self._markers:
            self._known(item_id, await self._client.issue(*mapping.address(item_id)))
        return self._markers[item_id]

    def _seen(self, one: payloads.Comment) -> Comment:
        comment = mapping.comment(one)
        self._remember(comment.id, comment.marker)
        return comment

    async def _addresses(self, issue: payloads.Issue) -> dict[str, str]:
        return await self._metadata.addresses(one.login for one in (issue.user, *issue.assignees) if one is not None)

    async def _written(self, identity: str, issue: payloads.Issue, wanted: Fields) -> Written:
        shown = mapping.with_addresses(mapping.fields(issue), await self._addresses(issue) if NAMES & set(wanted) else {})
        return Written(ref=mapping.ref(identity, issue), version=mapping.version(issue), fields={name: shown[name] for name in wanted})

    def _known(self, identity: str, issue: payloads.Issue) -> None:
        """An issue never becomes a pull request, so that an edit needs no read to tell them apart."""
        if len(self._issues) >= REMEMBERED:
            self._issues.clear()
        if issue.pull_request is None:
            self._issues.add(identity)
        self._remember(identity, mapping.marker(issue))

    def _remember(self, identity: str, marker: str | None) -> None:
        """Markers are written once, so that an edit needs no read to put one back."""
        if len(self._markers) >= REMEMBERED:
            self._markers.clear()
        if marker is not None or identity not in self._markers:
            self._markers[identity] = marker


def _no_files(name: str) -> NoReturn:
    raise Refused(f"{name!r}: {NO_FILES}", "attachments")
