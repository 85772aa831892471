"""Files on their way to and from ServiceNow, piece by piece, counted and hashed as they pass."""

import hashlib
from collections.abc import AsyncIterator

from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.payloads import AttachmentPayload
from model.errors import Refused, Unavailable
from model.item import Attachment


class Passing:
    """What has passed so far."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self._content = content
        self._sha256 = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._content:
            self.size += len(piece)
            self._sha256.update(piece)
            yield piece


async def upload(
    client: ServiceNowClient, table: str, sys_id: str, attachment: Attachment, content: AsyncIterator[bytes]
) -> AttachmentPayload:
    """A file that arrived otherwise than it was sent is taken back, and Unavailable is raised."""
    if not attachment.filename:
        raise Refused(f"{client.name}: a file of {table} {sys_id!r} has no name; ServiceNow needs one", "attachments")
    passing = Passing(content)
    added = await client.upload(table, sys_id, attachment.filename, attachment.mimetype, passing.pieces())
    if added.size_bytes == str(passing.size) and added.hash in {None, "", passing.sha256}:
        return added
    await client.delete_attachment(added.sys_id)
    raise Unavailable(f"{client.name} kept {added.size_bytes} of {passing.size} bytes of {attachment.filename!r}; it is tried again")


async def whole(system: str, attachment: Attachment, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces; Unavailable where they end before all of the file has come."""
    passing = Passing(content)
    async for piece in passing.pieces():
        yield piece
    if attachment.size and passing.size != attachment.size:
        raise Unavailable(f"{system} sent {passing.size} of {attachment.size} bytes of {attachment.filename!r}; it is tried again")


def is_like(payload: AttachmentPayload, attachment: Attachment) -> bool:
    """By name, and by size where that is known."""
    return payload.file_name == attachment.filename and attachment.size in {0, int(payload.size_bytes or 0)}
