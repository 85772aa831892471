"""From a step to the connector's call, and from its answer to an acknowledgement."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

from activities.engine import Place
from connectors.kit.interface import Written
from model.errors import Gone, NotFound, Stale
from model.item import Attachment, Item
from model.plan import (
    Acknowledgement,
    AddAttachment,
    AddComment,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    EditComment,
    Step,
    Transition,
    UpdateItem,
)


class Sender:
    """Makes the one call of a step. Decides nothing."""

    def __init__(self, source: Place, target: Place, marker: str) -> None:
        self._source = source
        self._target = target
        self._marker = marker

    async def send(self, step: Step, item_id: str, op: str, version: str) -> Acknowledgement:
        connector = self._target.connector
        match step:
            case CreateItem():
                written = await connector.create(self._target.settings, step.fields, self._marker)
                return _written(written)
            case UpdateItem():
                return _written(await connector.update(item_id, step.fields, version))
            case Transition():
                return _written(await connector.transition(item_id, step.status, version))
            case AddComment():
                comment = await connector.add_comment(item_id, step.body, internal=step.internal, marker=op)
                return Acknowledgement(id=comment.id, item_id=item_id, text=comment.body)
            case EditComment():
                try:
                    comment = await connector.edit_comment(item_id, step.comment_id, step.body)
                except NotFound as removed:
                    raise Stale(f"comment {step.comment_id} was removed since the plan was made") from removed
                return Acknowledgement(id=comment.id, item_id=item_id, text=comment.body)
            case DeleteComment():
                await connector.delete_comment(item_id, step.comment_id)
                return Acknowledgement(id=step.comment_id, item_id=item_id)
            case AddAttachment():
                async with self._content(step.source) as content:
                    file = await connector.upload(item_id, step.source, content, op)
                return Acknowledgement(id=file.id, item_id=item_id, url=file.location, text=file.filename)
            case DeleteAttachment():
                await connector.delete_attachment(item_id, step.attachment_id)
                return Acknowledgement(id=step.attachment_id, item_id=item_id)

    @contextlib.asynccontextmanager
    async def _content(self, file: Attachment) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Stale if the file is no longer there."""
        async with contextlib.AsyncExitStack() as stack:
            try:
                content = await stack.enter_async_context(self._source.connector.download(file))
            except NotFound as removed:
                raise Stale(f"attachment {file.id} was removed since the plan was made") from removed
            yield content

    def adopted(self, item: Item) -> Acknowledgement:
        """A created item found again: what we asked for is the base, not what it may have become."""
        ref = item.ref
        return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, item=item)

    def met_again(self, done: Acknowledgement) -> Acknowledgement:
        """A platform's answer to a repeated create, which tells the item as it is by now, people's edits included: what of it is ours."""
        return done.model_copy(update={"version": "", "fields": {}})

    async def read_back(self, done: Acknowledgement) -> Acknowledgement:
        """The new item as it is, for the properties that the platform filled in by itself."""
        if done.item is not None:
            return done
        try:
            item = await self._target.connector.read(done.id)
        except (NotFound, Gone):
            return done
        return done.model_copy(update={"item": item, "key": item.ref.key, "url": item.ref.url})


def _written(written: Written) -> Acknowledgement:
    ref = written.ref
    return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, version=written.version, fields=written.fields)
