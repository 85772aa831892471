"""A ticket's comments and files: read with the markers that our own carry, and added.

A comment exists only as a part of an update of its ticket, and a file only as a part of a comment.
"""

import html
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from connectors.zendesk import mapping, text
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.metadata import Metadata
from connectors.zendesk.payloads import CommentPayload, EventPayload, UserPayload, WrittenAnswer
from connectors.zendesk.pictures import Files
from connectors.zendesk.text import Mark
from model.errors import Ambiguous
from model.frozen import Frozen
from model.item import Attachment, Comment
from model.pictures import names_in

REMEMBERED = 20_000


class Conversation(Frozen):
    """All comments of a ticket, oldest first; what the updates that made them carried, by comment; their authors."""

    comments: tuple[CommentPayload, ...]
    marks: Mapping[int, Mark | None]
    people: Mapping[int, UserPayload]

    def marked(self, kind: Literal["comment", "file"]) -> Iterator[tuple[CommentPayload, Mark]]:
        for one in self.comments:
            mark = self.marks.get(one.id)
            if mark is not None and mark.kind == kind:
                yield one, mark

    def files(self, root: str) -> Files:
        """What texts may show of the ticket."""
        return mapping.files_of(self.comments, self.marks, root)


class Comments:
    """Remembers the marks of comments, which never change."""

    def __init__(self, client: ZendeskClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata
        self._marks: OrderedDict[int, Mark | None] = OrderedDict()

    async def of(self, ticket_id: str) -> Conversation:
        comments, people = await self._client.comments(ticket_id)
        marks = await self._marks_of(ticket_id, comments)
        return Conversation(comments=comments, marks=marks, people={one.id: one for one in people if one.id is not None})

    async def add(self, ticket_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        files = (await self.of(ticket_id)).files(self._client.root) if names_in(body) else Files(self._client.root)
        said: dict[str, JsonValue] = {"html_body": text.sent(body, files), "public": not internal}
        done = await self._client.update(ticket_id, {"comment": said, "metadata": {"twinline": marker}})
        made = await self._made(ticket_id, done, Mark(kind="comment", marker=marker))
        return mapping.to_comment(made, Mark(kind="comment", marker=marker), await self._me(), files)

    async def attach(self, ticket_id: str, file: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        """In an internal comment of its own, which is not told as a comment."""
        token = await self._client.upload(file.filename, file.mimetype, file.size, content)
        said: dict[str, JsonValue] = {"html_body": f"<p>{html.escape(file.filename)}</p>", "public": False, "uploads": [token]}
        done = await self._client.update(ticket_id, {"comment": said, "metadata": {"twinline_file": marker}})
        mark = Mark(kind="file", marker=marker)
        made = await self._made(ticket_id, done, mark)
        for one in made.attachments:
            return mapping.to_attachment(one, made, mark, await self._me())
        raise Ambiguous(f"{self._client.name} does not show the file {file.filename!r} of ticket #{ticket_id}; it is looked for")

    async def redact(self, ticket_id: str, attachment_id: str) -> None:
        """Take the file out for ever, as Zendesk does not delete one in another way; nothing to do for one that is not there."""
        comments, _ = await self._client.comments(ticket_id)
        for comment in comments:
            for one in comment.attachments:
                if str(one.id) == attachment_id and not mapping.is_redacted(one):
                    await self._client.redact_attachment(ticket_id, comment.id, one.id)

    async def _made(self, ticket_id: str, done: WrittenAnswer, mark: Mark) -> CommentPayload:
        """The comment of an update, by the update's own answer, else by looking for the mark."""
        event = next((one for one in done.audit.events if one.type == "Comment" and one.id is not None), None)
        if event is not None and done.audit.created_at is not None:
            made = _comment(event, done)
            self._remember(made.id, mark)
            return made
        found = [one for one, known in (await self.of(ticket_id)).marked(mark.kind) if known == mark]
        if not found:
            raise Ambiguous(f"{self._client.name} does not show what was added to ticket #{ticket_id}; it is looked for")
        return found[0]

    async def _me(self) -> Mapping[int, UserPayload]:
        me = await self._metadata.myself()
        return {} if me.id is None else {me.id: me}

    async def _marks_of(self, ticket_id: str, comments: Sequence[CommentPayload]) -> dict[int, Mark | None]:
        """Audits are read only if we may have made a comment whose mark is not known and that does not show it."""
        me = (await self._metadata.myself()).id
        ours = [one for one in comments[1:] if one.author_id == me]
        for one in ours:
            shown = text.mark_of(one.metadata.custom if one.metadata else None)
            if shown is not None:
                self._remember(one.id, shown)
        if any(one.id not in self._marks for one in ours):
            for comment, mark in text.marks(await self._client.audits(ticket_id)).items():
                self._remember(comment, mark)
        return {one.id: self._marks.get(one.id) for one in ours}

    def _remember(self, comment: int, mark: Mark | None) -> None:
        self._marks[comment] = mark
        self._marks.move_to_end(comment)
        if len(self._marks) > REMEMBERED:
            self._marks.popitem(last=False)


def _comment(event: EventPayload, done: WrittenAnswer) -> CommentPayload:
    return CommentPayload.model_validate(
        {
            "id": event.id,
            "author_id": event.author_id or done.audit.author_id,
            "body": event.body,
            "html_body": event.html_body,
            "public": event.public,
            "created_at": done.audit.created_at,
            "attachments": event.attachments,
        }
    )
