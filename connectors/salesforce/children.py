"""Comments and files of a record: how they are asked for, written, and made ours."""

from collections.abc import Sequence

from pydantic import BaseModel, TypeAdapter, ValidationError

from connectors.salesforce import mapping, soql, text
from connectors.salesforce.payloads import CommentRow, LinkRow, PostRow, Row
from model.errors import Unavailable
from model.item import Attachment, Comment

_COMMENTS = TypeAdapter(tuple[CommentRow, ...])
_POSTS = TypeAdapter(tuple[PostRow, ...])
_LINKS = TypeAdapter(tuple[LinkRow, ...])
_AUTHOR = "CreatedById, CreatedBy.Name, CreatedBy.Email, CreatedBy.Username"
_FILE = (
    "Title, FileExtension, ContentSize, Description, LatestPublishedVersionId, CreatedDate, CreatedById, CreatedBy.Name, CreatedBy.Email, "
    "CreatedBy.Username"
)


class Talk(BaseModel):
    """What a record's comments are: CaseComment of a case, posts of the feed of anything else.

    `on` is false in an org without Chatter, where only cases have comments. `visible` is whether posts can be kept from people outside,
    which is so in an org with Experience Cloud sites only.
    """

    case: bool
    on: bool = True
    visible: bool = True

    @property
    def table(self) -> str:
        return "CaseComment" if self.case else "FeedItem"

    def query(self, *conditions: str) -> str:
        if self.case:
            columns = f"Id, ParentId, CommentBody, IsPublished, CreatedDate, LastModifiedDate, {_AUTHOR}"
            return soql.select(columns, "CaseComment", *conditions, order="CreatedDate, Id")
        columns = f"Id, ParentId, Body, IsRichText, {'Visibility, ' if self.visible else ''}CreatedDate, LastEditDate, {_AUTHOR}"
        return soql.select(columns, "FeedItem", *conditions, "Type = 'TextPost'", order="CreatedDate, Id")

    def of(self, *record_ids: str) -> str:
        return self.query(soql.among("ParentId", record_ids))

    def one(self, record_id: str, comment_id: str) -> str:
        return self.query(soql.equal("ParentId", record_id), soql.equal("Id", comment_id))

    def read(self, rows: Sequence[Row]) -> tuple[Comment, ...]:
        try:
            if self.case:
                return tuple(map(mapping.to_comment, _COMMENTS.validate_python(rows)))
            return tuple(map(mapping.to_post, _POSTS.validate_python(rows)))
        except ValidationError as error:
            raise Unavailable("Salesforce answered comments in a form that cannot be read") from error

    def new(self, record_id: str, body: str, *, internal: bool, marker: str) -> Row:
        said = text.sent(body, marker)
        if self.case:
            return {"ParentId": record_id, "CommentBody": said, "IsPublished": not internal}
        post: Row = {"ParentId": record_id, "Body": said}
        return {**post, "Visibility": "InternalUsers" if internal else "AllUsers"} if self.visible else post

    def edited(self, body: str, marker: str | None) -> Row:
        return {"CommentBody" if self.case else "Body": text.sent(body, marker)}


def files_of(*record_ids: str) -> str:
    columns = ", ".join(f"ContentDocument.{one.strip()}" for one in _FILE.split(","))
    return soql.select(f"Id, ContentDocumentId, LinkedEntityId, {columns}", "ContentDocumentLink", soql.among("LinkedEntityId", record_ids))


def by_record(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """The rows by the id that the column holds, in their order."""
    found: dict[str, list[Row]] = {}
    for one in rows:
        found.setdefault(str(one[column]), []).append(one)
    return found


def read_files(rows: Sequence[Row]) -> tuple[Attachment, ...]:
    """By time and id."""
    try:
        links = _LINKS.validate_python(rows)
    except ValidationError as error:
        raise Unavailable("Salesforce answered files in a form that cannot be read") from error
    return tuple(sorted(map(mapping.to_attachment, links), key=lambda one: (str(one.created), one.id)))


def new_file(record_id: str, attachment: Attachment, marker: str) -> Row:
    """The fields of a ContentVersion whose document belongs to the record from its first moment."""
    return {
        "Title": attachment.filename,
        "PathOnClient": attachment.filename,
        "Description": text.label(marker),
        "FirstPublishLocationId": record_id,
    }
