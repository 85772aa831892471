"""From a step to the connector's call, and from its answer to an acknowledgement."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime

from activities.engine import Place
from connectors.kit.interface import WorkLogs, Written
from model.errors import Ambiguous, Gone, NotFound, Refused, Stale
from model.item import Attachment, Comment, Fields, Item, ItemRef, WorkLog
from model.plan import (
    Acknowledgement,
    AddAttachment,
    AddComment,
    AddWorkLog,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    DeleteWorkLog,
    EditComment,
    EditWorkLog,
    RuleCall,
    Step,
    Transition,
    UpdateItem,
)
from sync.settle import created_item


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
                return _written(await connector.create(self._target.settings, step.fields, self._marker))
            case UpdateItem():
                return _written(await connector.update(item_id, step.fields, version))
            case Transition():
                return _written(await connector.transition(item_id, step.status, version))
            case AddComment() | EditComment() | DeleteComment():
                return await self._comment(step, item_id, op)
            case AddAttachment() | DeleteAttachment():
                return await self._attachment(step, item_id, op)
            case AddWorkLog() | EditWorkLog() | DeleteWorkLog():
                return await self._work_log(step, item_id, op)
            case RuleCall():
                return await called(self._target, step)

    async def _comment(self, step: AddComment | EditComment | DeleteComment, item_id: str, op: str) -> Acknowledgement:
        connector = self._target.connector
        match step:
            case AddComment():
                comment = await connector.add_comment(item_id, step.body, internal=step.internal, marker=op)
                return Acknowledgement(id=comment.id, item_id=item_id, text=comment.body)
            case EditComment():
                comment = await self._edited(step, item_id)
                return Acknowledgement(id=comment.id, item_id=item_id, text=comment.body)
            case DeleteComment():
                await connector.delete_comment(item_id, step.comment_id)
                return Acknowledgement(id=step.comment_id, item_id=item_id)

    async def _attachment(self, step: AddAttachment | DeleteAttachment, item_id: str, op: str) -> Acknowledgement:
        match step:
            case AddAttachment():
                file = await self._copied(step, item_id, op)
                return Acknowledgement(id=file.id, item_id=item_id, url=file.location, text=file.filename)
            case DeleteAttachment():
                await self._target.connector.delete_attachment(item_id, step.attachment_id)
                return Acknowledgement(id=step.attachment_id, item_id=item_id)

    async def _work_log(self, step: AddWorkLog | EditWorkLog | DeleteWorkLog, item_id: str, op: str) -> Acknowledgement:
        match step:
            case AddWorkLog():
                return _logged(await work_logs(self._target).add(item_id, step.work, op), item_id)
            case EditWorkLog():
                return _logged(await self._edited_work(step, item_id), item_id)
            case DeleteWorkLog():
                await work_logs(self._target).delete(item_id, step.log_id)
                return Acknowledgement(id=step.log_id, item_id=item_id)

    async def _edited(self, step: EditComment, item_id: str) -> Comment:
        """Stale if the comment was deleted since the plan was made."""
        try:
            return await self._target.connector.edit_comment(item_id, step.comment_id, step.body)
        except NotFound as gone:
            raise Stale(gone.message) from gone

    async def _edited_work(self, step: EditWorkLog, item_id: str) -> WorkLog:
        """Stale if the work log was deleted since the plan was made."""
        try:
            return await work_logs(self._target).edit(item_id, step.log_id, step.work)
        except NotFound as gone:
            raise Stale(gone.message) from gone

    async def _copied(self, step: AddAttachment, item_id: str, op: str) -> Attachment:
        """Stale if the file on the source was deleted since the plan was made."""
        async with contextlib.AsyncExitStack() as stack:
            try:
                content = await stack.enter_async_context(self._source.connector.download(step.source))
            except NotFound as gone:
                raise Stale(gone.message) from gone
            return await self._target.connector.upload(item_id, step.source, _whole(content, step.source), op)

    def adopted(self, item: Item) -> Acknowledgement:
        """A created item found again: what we asked for is the base, not what it may have become."""
        ref = item.ref
        return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, item=item)

    def met_again(self, done: Acknowledgement) -> Acknowledgement:
        """A platform's answer to a repeated create, which tells the item as it is by now, people's edits included: what of it is ours."""
        return done.model_copy(update={"version": "", "fields": {}})

    def as_shown(self, fields: Fields) -> Fields:
        """The properties as the platform shows them once they are written."""
        text = fields.get("description")
        return {**fields, "description": self._target.connector.as_read(text)} if isinstance(text, str) else fields

    async def read_back(self, done: Acknowledgement, asked: Fields, now: datetime) -> tuple[Acknowledgement, Item | None]:
        """The new item as we made it, with what the platform filled in by itself, without it where it was deleted already; and as it is."""
        if done.item is not None:
            return done.model_copy(update={"item": created_item(done.item, self.as_shown(asked), {})}), done.item
        try:
            item = await self._target.connector.read(done.id)
        except NotFound:
            fields = {subject: value for subject, value in asked.items() if subject != "project"}
            ref = ItemRef(id=done.id, key=done.key, url=done.url)
            made = Item(ref=ref, version=done.version, updated=now, fields={**fields, **done.fields}, unread=True)
            return done.model_copy(update={"item": made}), None
        except Gone:
            return done, None
        made = created_item(item, self.as_shown(asked), done.fields)
        return done.model_copy(update={"item": made, "key": item.ref.key, "url": item.ref.url}), item


def work_logs(target: Place) -> WorkLogs:
    """Refused where the platform records no time, for a plan that an earlier version of the connector allowed."""
    found = target.connector.work_logs
    if found is None:
        raise Refused(f"{target.system.id} keeps no work logs; leave issue.workLogs alone in the incoming rule", "workLogs")
    return found


def _logged(log: WorkLog, item_id: str) -> Acknowledgement:
    return Acknowledgement(id=log.id, item_id=item_id, text=log.text)


async def called(target: Place, step: RuleCall) -> Acknowledgement:
    """What the platform answered to a rule, as the rule gets it."""
    answer = await target.connector.lookup(target.settings, step.name, step.arguments)
    return Acknowledgement(fields=answer if isinstance(answer, dict) else {})


async def _whole(content: AsyncIterator[bytes], file: Attachment) -> AsyncIterator[bytes]:
    """The content; Ambiguous instead of its end where it is not as long as the file, so that the upload does not come to its end either."""
    sent = 0
    async for piece in content:
        sent += len(piece)
        yield piece
    if file.size and sent != file.size:
        raise Ambiguous(f"the file {file.filename!r} came with {sent} of {file.size} bytes; it is copied again")


def _written(written: Written) -> Acknowledgement:
    ref = written.ref
    return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, version=written.version, fields=written.fields)
