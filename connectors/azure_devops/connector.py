"""An Azure DevOps organization as the engine sees it."""

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from connectors.azure_devops import account, links, mapping, text, values
from connectors.azure_devops.client import BATCH, AzureDevOpsClient, Operations
from connectors.azure_devops.config import Settings, settings_of
from connectors.azure_devops.feed import Feed
from connectors.azure_devops.history import changes_of
from connectors.azure_devops.homes import Homes
from connectors.azure_devops.metadata import Answers, Metadata, like
from connectors.azure_devops.payloads import CommentPayload, TypePayload, UpdatePayload, WorkItemPayload
from connectors.azure_devops.pictures import Files
from connectors.azure_devops.reading import Reading
from connectors.azure_devops.values import Options
from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.kit.links import TYPES, absent, as_answer, change_of
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, Stale
from model.item import Attachment, Comment, Fields, Item
from model.links import LINKS

CAPABILITIES = Capabilities(
    writable=frozenset({*values.ATTRIBUTES, "description", "parentId"}),
    own_fields=True,
    status_by="field",
    created_with_status=False,
    comments=frozenset({"edit", "delete"}),
    attachments=True,
    links=True,
    exact_versions=True,
    search_lag=30.0,
    hooks=True,
    compare_and_set=True,
    change_history=True,
    images="written",
    mentions="marked",
)
TRIES = 3
LINK_COMMENT = "Twinline keeps this item in line with another system and recognises it by this link."

_KEY = re.compile(r"(?:AB)?#?(\d+)|https?://\S+(?:/_workitems/edit/|/_apis/wit/work[iI]tems/|[?&]workitem=)(\d+)(?:[/?#&]\S*)?")


Found = TypeVar("Found")


class AzureDevOpsConnector:
    """An open account of one organization or collection."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._name = access.name
        self._by_token = bool(access.credentials.get("token"))
        self._client = AzureDevOpsClient(access)
        self._metadata = Metadata(self._client)
        self._answers = Answers(self._metadata)
        self._feed = Feed(self._client)
        self._homes = Homes()
        self._reading = Reading(self._client, self._metadata, self._homes)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        try:
            await self._metadata.myself()
        except NotFound as error:
            message = f"{self._name}: no Azure DevOps at {self._client.address!r}; use the form https://dev.azure.com/acme"
            raise Misconfigured(message) from error
        except Refused as error:
            raise LoginRejected(f"{self._name} does not let the account in: {error}") from error
        if settings is None:
            return
        side = settings_of(settings)
        if await self._metadata.project(side.project) is None:
            known = ", ".join(sorted(repr(one.name) for one in await self._client.projects())) or "none"
            message = f"{self._name}: no project {side.project!r} that Twinline's account may see (it sees: {known}); change the project"
            raise Misconfigured(message)
        types = await self._metadata.types(side.project)
        if like(side.type, types) is None:
            known = ", ".join(repr(one.name) for one in types)
            raise Misconfigured(f"project {side.project!r} has no work item type {side.type!r} (types: {known}); change the side's type")
        await self._check_node(side.project, "area", "Areas", side.area)
        await self._check_node(side.project, "iteration", "Iterations", side.iteration)

    async def _check_node(self, project: str, setting: str, group: str, path: str) -> None:
        """Misconfigured if there is no such path; it begins with the project's name."""
        root, *names = path.split("\\")
        known = root.casefold() == project.casefold() and (not names or await self._client.node(project, group, names) is not None)
        if path and not known:
            raise Misconfigured(f"project {project!r} has no {setting} {path!r}; write it as in {project}\\Checkout")

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        told = await self._metadata.connection()
        me = told.authenticated_user
        if settings is None:
            given = await account.everywhere(self._client, me)
        else:
            side = settings_of(settings)
            given = await account.in_project(self._client, await self._client.project(side.project), side, by_token=self._by_token)
        return Account(name=account.name(me), platform=account.platform(told), permissions=given)

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await self._feed.check(settings_of(settings).project, query)

    async def read(self, item_id: str) -> Item:
        return await self._reading.whole(item_id)

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        """A project that was renamed is not found by its old name."""
        project, named = item.fields["project"], settings_of(settings).project
        here = str(project["key"]) if isinstance(project, dict) else named
        if here.casefold() == named.casefold() or await self._metadata.project(named) is None:
            return ""
        return f"was moved to project {here!r}"

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        project = settings_of(settings).project
        found = _KEY.fullmatch(key.strip())
        if found is None:
            raise NotFound(f"{self._name}: {key!r} names no work item; use its number, such as 17 or #17, or its address")
        item = await self._reading.item(found[1] or found[2])
        home = item.text(mapping.PROJECT)
        if home.casefold() != project.casefold():
            raise NotFound(f"{self._name}: work item {key!r} is in project {home!r}, but this side's project is {project!r}")
        return mapping.change(item)

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        side = settings_of(settings)
        types = await self._metadata.types(side.project)
        given = {name: value for name, value in fields.items() if name != "type"}
        options = Options(self._name, mapping.Kind(), types)
        wanted = values.to_value("type", fields.get("type") or side.type, options)
        kind = await self._metadata.kind(side.project, str(wanted))
        chosen = await self._options(given, kind, Files(self._client.address), types)
        operations = values.to_operations(_placed(given, side), chosen, create=True)
        operations += values.link(mapping.HYPERLINK, text.address(marker), LINK_COMMENT)
        if given.get("parentId"):
            operations += await self._parent_link(given["parentId"])
        made = await self._client.create(side.project, str(wanted), operations)
        return self._written(made, {"status": None, **fields}, chosen)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        if LINKS in fields:
            return await self._link(item_id, fields, version)
        item = await self._reading.item(item_id)
        project = item.text(mapping.PROJECT)
        types = await self._metadata.types(project) if "type" in fields else ()
        kind = await self._kind_after(item, fields)
        chosen = await self._options(fields, kind, self._files(item), types)
        operations = values.to_operations(fields, chosen, markdown=_in_markdown(item))
        guard = mapping.rev_of(version)
        if "parentId" in fields and _text(fields["parentId"]) != mapping.parent_of(item):
            guard = item.rev if guard is None else guard
            operations += await self._parent_operations(item, fields["parentId"])
        if not operations:
            return self._written(item, fields, chosen)
        try:
            after = await self._client.update(item_id, [*(values.test_rev(guard) if guard is not None else []), *operations])
        except Stale as error:
            raise Stale(error.message, mapping.version(item) if item.rev != guard else "") from error
        return self._written(after, fields, chosen)

    async def _link(self, item_id: str, fields: Fields, version: str) -> Written:
        change = change_of(self._name, fields[LINKS], links.LINK_TYPES)
        item = await self._reading.item(item_id)
        for one in change.missing(mapping.links(item)):
            await self._require(str(one["otherIssueId"]))
        operations = links.operations(item, change, self._client.address)
        after = await self._guarded(item, version, operations) if operations else item
        return self._written(after, fields, Options(self._name, await self._reading.kind(item)))

    async def _require(self, other: str) -> None:
        """Refused if there is no such item to link to."""
        try:
            await self._client.work_item(other)
        except NotFound as nothing:
            raise absent(self._name, other) from nothing

    async def _guarded(self, item: WorkItemPayload, version: str, operations: Operations) -> WorkItemPayload:
        """Stale if the item is no longer at that version, or at the revision that the operations were made for."""
        guard = mapping.rev_of(version) or item.rev
        try:
            return await self._client.update(str(item.id), [*values.test_rev(guard), *operations])
        except Stale as error:
            raise Stale(error.message, mapping.version(item) if item.rev != guard else "") from error

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Not needed by the engine, as status is a field here."""
        return await self.update(item_id, {"status": {"name": status}}, version)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    def as_read(self, written: str) -> str:
        none = Files(self._client.address)
        return text.received(text.sent(written, files=none), none)[0]

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        item = await self._reading.item(item_id)
        updates: list[UpdatePayload] = []
        while True:
            page = await self._client.updates(item_id, len(updates))
            updates.extend(page)
            if len(page) < BATCH:
                break
        me = (await self._metadata.myself()).id
        return changes_of(updates, await self._reading.kind(item), since, me, _in_markdown(item), self._files(item))

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        found = await self._feed.find_marker(settings_of(settings).project, marker, since)
        return await self.read(found) if found else None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        if internal:
            message = f"{self._name} shows every comment to all who see the item; an internal one is not added to work item {item_id}"
            raise Refused(message, "comments")

        async def added(project: str) -> CommentPayload:
            return await self._client.add_comment(project, item_id, sent)

        files = self._files(await self._reading.item(item_id)) if "![" in body else Files(self._client.address)
        sent = text.sent(body, marker, files)
        return mapping.comment(await self._in_its_project(item_id, added), files)

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        found = await self._in_its_project(item_id, lambda project: self._client.comments(project, item_id))
        ours = next((one for one in found if not one.is_deleted and mapping.comment(one).marker == marker), None)
        if ours is None:
            return None
        shows = "/_apis/wit/attachments/" in ours.text
        return mapping.comment(ours, self._files(await self._reading.item(item_id), ours) if shows else Files(self._client.address))

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        item = await self._reading.item(item_id) if "![" in body else None
        none = Files(self._client.address)

        async def edited(project: str) -> Comment:
            before = await self._client.comment(project, item_id, comment_id)
            files = self._files(item, before) if item else none
            after = await self._client.edit_comment(project, item_id, comment_id, _in_its_format(before, body, files))
            return mapping.comment(after, files)

        return await self._in_its_project(item_id, edited)

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        project = await self._project(item_id)
        try:
            await self._client.delete_comment(project, item_id, comment_id)
        except NotFound:
            return

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._client.content(attachment.location, attachment.filename)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        """The file is stored first, then linked; one that is stored only belongs to nothing and is not seen."""
        stored = await self._client.upload(await self._project(item_id), attachment.filename, content)
        item = await self._client.update(item_id, values.link(mapping.FILE, stored.url, text.label(marker)))
        added = next((one for one in mapping.attachments(item) if one.id == stored.id.lower()), None)
        if added is None:
            raise Refused(f"{self._name} did not keep the file {attachment.filename!r} on work item {item_id}", "attachments")
        return added

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del like, others
        return next((one for one in mapping.attachments(await self._reading.item(item_id)) if one.marker == marker), None)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        """A file is taken away by its place among the links, which holds for one revision only."""
        for attempt in range(TRIES):
            item = await self._reading.item(item_id)
            places = [place for place, one in enumerate(item.relations) if mapping.attachment_id(one.url) == attachment_id]
            if not places:
                return
            try:
                await self._client.update(item_id, [*values.test_rev(item.rev), *values.unlink(places[0])])
            except Stale:
                if attempt == TRIES - 1:
                    raise
            else:
                return

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        return await self._feed.changes(settings_of(settings).project, cursor)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        return await self._feed.search(settings_of(settings).project, query, since)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        if name == TYPES:
            return as_answer(links.LINK_TYPES)
        side = settings_of(settings)
        return await self._answers.answer(side.project, side.type, name, arguments)

    async def _project(self, item_id: str) -> str:
        return (await self._reading.item(item_id)).text(mapping.PROJECT)

    async def _in_its_project(self, item_id: str, call: Callable[[str], Awaitable[Found]]) -> Found:
        """The call with the item's project, once more where the item is no longer in the one that it was in."""
        known = self._homes.of(item_id)
        with contextlib.suppress(NotFound):
            if known is not None:
                return await call(known)
        return await call(await self._project(item_id))

    async def _kind_after(self, item: WorkItemPayload, fields: Fields) -> mapping.Kind:
        """Of the type that the item will have."""
        match fields.get("type"):
            case {"name": str(name)} | str(name):
                return await self._metadata.kind(item.text(mapping.PROJECT), name)
            case _:
                return await self._reading.kind(item)

    def _files(self, item: WorkItemPayload, *comments: CommentPayload) -> Files:
        return mapping.files_of(item, self._client.address, comments)

    async def _options(self, fields: Fields, kind: mapping.Kind, files: Files, types: tuple[TypePayload, ...]) -> Options:
        """What the fields at hand need, and no call for the rest."""
        own = {name: await self._metadata.own_field(name) for name in fields if name not in CAPABILITIES.writable}
        people = [name for name in fields if name == "assignee" or (name in own and values.is_person(own[name]))]
        accounts = {name: account for name in people if (account := await self._metadata.account(name, fields[name]))}
        return Options(self._name, kind, types, own, accounts, files)

    async def _parent_link(self, value: JsonValue) -> Operations:
        """Refused if there is no such item."""
        wanted = (_text(value) or "").removeprefix("#")
        try:
            parent = await self._client.work_item(wanted)
        except NotFound as absent:
            raise Refused(f"{self._name} has no work item {wanted!r} to be the parent; bring that under sync first", "parentId") from absent
        return values.link(mapping.PARENT, f"{self._client.address}/_apis/wit/workItems/{parent.id}")

    async def _parent_operations(self, item: WorkItemPayload, value: JsonValue) -> Operations:
        places = [place for place, one in enumerate(item.relations) if one.rel == mapping.PARENT]
        return [*(values.unlink(places[0]) if places else []), *(await self._parent_link(value) if _text(value) else [])]

    def _written(self, item: WorkItemPayload, fields: Fields, options: Options) -> Written:
        """Asks for nothing more: what failed now would hide that the write was done."""
        shown = mapping.hub_fields(item, options.kind, self._files(item))
        titles = {name: one.name for name, one in options.own.items()}
        found = {name: shown.get(titles.get(name, name)) for name in fields}
        return Written(ref=mapping.ref(item, self._client.address), version=mapping.version(item), fields=found)


def _placed(fields: Fields, side: Settings) -> Fields:
    """The fields with the side's area and iteration, unless a rule set them."""
    places = {"areaPath": side.area, "iterationPath": side.iteration}
    return {**{name: place for name, place in places.items() if place}, **fields}


def _text(value: JsonValue) -> str | None:
    return None if value is None or value == "" else str(value)


def _in_markdown(item: WorkItemPayload) -> frozenset[str]:
    """The fields that hold Markdown, by reference name."""
    return frozenset(name for name in item.multiline_fields_format if item.is_markdown(name))


def _in_its_format(comment: CommentPayload, body: str, files: Files) -> str:
    """The new text in the format that the comment has, with the marker that it has."""
    marker = mapping.comment(comment).marker
    return text.sent_markdown(body, marker, files) if mapping.is_markdown(comment) else text.sent(body, marker, files)
