"""Zendesk as the engine sees it."""

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.zendesk import account, feed, history, mapping, text, triggers, values
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.comments import Comments, Conversation
from connectors.zendesk.config import Credentials, Settings, settings_of
from connectors.zendesk.metadata import AGENTS, Metadata
from connectors.zendesk.payloads import TicketPayload, UserPayload, WrittenAnswer
from connectors.zendesk.pictures import Files
from connectors.zendesk.reading import Reading
from connectors.zendesk.refusals import Collision, Forbidden
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, Stale, Unavailable
from model.item import Attachment, Comment, Fields, Item

CAPABILITIES = Capabilities(
    writable=values.WRITABLE,
    own_fields=True,
    status_by="field",
    created_with_status=True,
    comments=frozenset({"internal"}),
    attachments=True,
    exact_versions=False,
    search_lag=180.0,
    hooks=True,
    compare_and_set=True,
    create_key=True,
    change_history=True,
    images="once",
)
_KEY = re.compile(r"#?(\d+)|https?://\S+/tickets/(\d+)(?:\.json)?(?:[/?#]\S*)?")


class ZendeskConnector:
    """An open account of one Zendesk."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._client = ZendeskClient(access)
        self._credentials = Credentials.model_validate(access.credentials)
        self._name = access.name
        self._metadata = Metadata(self._client)
        self._comments = Comments(self._client, self._metadata)
        self._reading = Reading(self._client, self._metadata, self._comments)
        self._no_files = Files(self._client.root)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        me = await self._client.myself()
        if me.id is None or me.role not in AGENTS:
            raise LoginRejected(f"{self._name}: the credentials are not those of an agent; check e-mail and token")
        if settings is None:
            return
        side = settings_of(settings)
        try:
            values.to_payload(self._name, _places(side), await self._metadata.catalogue(), {})
        except Refused as error:
            raise Misconfigured(f"{error.message.partition(';')[0]}; change the side's settings") from error
        if side.requester and await self._metadata.user_by_email(side.requester) is None:
            raise Misconfigured(f"{self._name} shows no user {side.requester!r}; change the side's requester")

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        me = await self._client.myself()
        given = await account.permissions(self._client, me, self._credentials) if settings is None else ()
        return Account(name=account.name(me), platform="Zendesk Support", permissions=given)

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        del settings
        await triggers.check(self._client, await self._metadata.catalogue(), query)

    async def read(self, item_id: str) -> Item:
        return await self._reading.item(item_id)

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        """Zendesk closes a ticket that was merged into another one, and labels it."""
        del settings
        status, labels = item.fields["status"], item.fields["labels"]
        closed = isinstance(status, dict) and status["id"] == "closed"
        return "was merged into another ticket" if closed and isinstance(labels, list) and mapping.MERGED in labels else ""

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        del settings
        found = _KEY.fullmatch(key.strip())
        if found is None:
            raise NotFound(f"{self._name}: {key!r} names no ticket; use its number, such as 17 or #17, or its address")
        return mapping.change((await self._client.ticket(found[1] or found[2])).ticket)

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        """The ticket that already carries the marker, if there is one. What Zendesk makes of a new ticket's values is told, not refused."""
        before = await self._marked(marker)
        if before is not None:
            return await self._shown(before, fields, {})
        side = settings_of(settings)
        wanted: Fields = {**_places(side), **fields}
        if side.requester and "reporter" not in fields:
            wanted["reporter"] = {"email": side.requester}
        people = await self._people(wanted)
        payload = await self._payload(wanted, people)
        if "labels" in wanted:
            payload["tags"] = values.tags(wanted["labels"], await self._metadata.catalogue(), None, payload)
        payload["comment"] = {"html_body": text.sent(_first_comment(wanted), self._no_files), "public": True}
        payload["external_id"] = text.external_id(marker)
        done = await self._client.create(payload, values.create_key(marker, payload))
        return await self._written(done, fields, people)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        wanted = {name: value for name, value in fields.items() if name != "description"}
        if "description" in fields:
            await self._require_same_description(item_id, fields["description"])
        people = await self._people(wanted)
        payload = await self._payload(wanted, people)
        stamp = version.partition("/")[0]
        if "labels" in wanted or not payload:
            ticket = (await self._client.ticket(item_id)).ticket
            if not wanted:
                return await self._shown(ticket, fields, people)
            payload["tags"] = values.tags(wanted["labels"], await self._metadata.catalogue(), ticket, payload)
            stamp = stamp or mapping.version(ticket)
        guard: Fields = {"safe_update": True, "updated_stamp": stamp} if stamp else {}
        try:
            done = await self._client.update(item_id, {**payload, **guard})
        except Collision as moved:
            if not version:
                raise
            raise Stale(f"{self._name}: ticket #{item_id} was changed since it was read; it is read again") from moved
        kept = values.left_aside(payload, done.ticket, done.audit)
        if kept:
            now = (await self._shown(done.ticket, {kept: None}, people)).fields.get(kept)
            message = f"{self._name} left field {kept!r} of ticket #{item_id} at {now!r}; this ticket does not take the value"
            raise Refused(f"{message}: adapt the incoming rules", kept)
        return await self._written(done, fields, people)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Not needed by the engine, as status is a field here."""
        return await self.update(item_id, {"status": {"name": status}}, version)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    def as_read(self, written: str) -> str:
        return text.as_read(written, self._no_files)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        audits = await self._client.audits(item_id)
        known = [await self._metadata.user_by_id(one) for one in sorted(history.people_of(audits))]
        people = {one.id: one for one in known if one is not None and one.id is not None}
        me = (await self._metadata.myself()).id
        return history.changes(audits, since, me, await self._metadata.catalogue(), people)

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        del settings, since
        found = await self._marked(marker)
        return await self.read(str(found.id)) if found else None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        return await self._comments.add(item_id, body, internal=internal, marker=marker)

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        talk = await self._comments.of(item_id)
        files = talk.files(self._client.root)
        found = (mapping.to_comment(one, mark, talk.people, files) for one, mark in talk.marked("comment") if mark.marker == marker)
        return next(found, None)

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        del item_id, body
        raise Refused(f"{self._name}: comment {comment_id} cannot be edited; Zendesk keeps comments as they were written")

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        del item_id
        raise Refused(f"{self._name}: comment {comment_id} cannot be deleted; Zendesk keeps comments as they were written")

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._client.download(attachment.location)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        return await self._comments.attach(item_id, attachment, content, marker)

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del like, others
        return self._file(await self._comments.of(item_id), marker)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        await self._comments.redact(item_id, attachment_id)

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        del settings
        at = feed.parse(cursor)
        if at is None:
            return ChangePage(changes=(), cursor=feed.begin(datetime.now(UTC)).model_dump_json())
        try:
            page = await self._client.export(feed.parameters(at))
        except Forbidden as error:
            raise Misconfigured(f"{self._name} does not let Twinline's account export tickets; make it an administrator") from error
        except (Refused, NotFound) as error:
            if not at.cursor:
                raise Unavailable(f"{self._name} does not export tickets since {at.start} yet: {error.message}") from error
            return ChangePage(changes=(), cursor=feed.again(at).model_dump_json(), more=True)
        return feed.advance(at, page)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        del settings
        return await triggers.matching(self._client, query, since)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        del settings
        return await self._client.look(arguments) if name == "http" else await self._metadata.answer(name, arguments)

    def _file(self, talk: Conversation, marker: str) -> Attachment | None:
        for comment, mark in talk.marked("file"):
            if mark.marker == marker:
                return next(iter(mapping.to_attachments((comment,), talk.marks, talk.people)), None)
        return None

    async def _marked(self, marker: str) -> TicketPayload | None:
        """The oldest ticket with the marker, by a list that does not lag."""
        found = await self._client.tickets_by_external_id(text.external_id(marker))
        return min(found, key=lambda one: one.id, default=None)

    async def _require_same_description(self, item_id: str, wanted: JsonValue) -> None:
        talk = await self._comments.of(item_id)
        now = mapping.description(next(iter(talk.comments), None), talk.files(self._client.root))
        if isinstance(wanted, str) and self.as_read(wanted) == now:
            return
        message = f"{self._name}: the description of ticket #{item_id} is its first comment, which Zendesk does not let anyone change"
        raise Refused(f"{message}; set it only if (firstSync) in the incoming rules", "description")

    async def _people(self, fields: Fields) -> dict[str, UserPayload | None]:
        return {name: await self._metadata.user_like(fields[name], name) for name in values.PEOPLE if name in fields}

    async def _payload(self, fields: Fields, people: Mapping[str, UserPayload | None]) -> dict[str, JsonValue]:
        ids = {name: one.id if one else None for name, one in people.items()}
        return values.to_payload(self._name, fields, await self._metadata.catalogue(), ids)

    async def _written(self, done: WrittenAnswer, fields: Fields, people: Mapping[str, UserPayload | None]) -> Written:
        said = next((one for one in done.audit.events if one.type == "Comment"), None)
        shown = await self._shown(done.ticket, fields, people)
        if said is None or "description" not in fields:
            return shown
        described: Fields = {"description": text.received(said.html_body, said.body, self._no_files)}
        return shown.model_copy(update={"fields": {**shown.fields, **described}})

    async def _shown(self, ticket: TicketPayload, fields: Fields, people: Mapping[str, UserPayload | None]) -> Written:
        """The ticket's properties that are in `fields`, but for the description, which the answer has not."""
        known = {one.id: one for one in people.values() if one is not None and one.id is not None}
        around = await self._metadata.around(known)
        now = mapping.to_fields(ticket, around)
        shown = {name: now[name] for name in fields if name in now}
        return Written(ref=mapping.to_ref(ticket, around.root), version=mapping.version(ticket), fields=shown)


def _places(side: Settings) -> Fields:
    places: Fields = {"Group": side.group, "Form": side.form}
    return {name: value for name, value in places.items() if value}


def _first_comment(fields: Fields) -> str:
    """Zendesk needs one: without a description it is the subject."""
    said = fields.get("description")
    return said if isinstance(said, str) and said.strip() else str(fields.get("summary") or "-")
