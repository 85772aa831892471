"""Records with their comments and files, as they are now."""

from collections.abc import Mapping, Sequence
from functools import partial

from connectors.kit.together import Together
from connectors.salesforce import children, mapping, soql
from connectors.salesforce.client import SalesforceClient, query_call, row_call
from connectors.salesforce.mapping import Whole
from connectors.salesforce.metadata import Metadata
from connectors.salesforce.payloads import Row, SubAnswer
from connectors.salesforce.shape import Shape, shown_columns
from model.errors import Gone, NotFound, Refused
from model.item import Item

MOST = 22
"""Records in one composite call, which has 25 parts; three of them ask for people, files and comments."""


class Reading:
    """Reads each record in one call, or with others of its object that are asked for at the same time.

    In either case Salesforce shows the record at its own address, in the same form: versions are made of what was read, and would differ
    if the form did.
    """

    def __init__(self, url: str, client: SalesforceClient, metadata: Metadata) -> None:
        self._url = url
        self._client = client
        self._metadata = metadata
        self._objects: dict[str, Together[Whole]] = {}

    async def talk(self, shape: Shape) -> children.Talk:
        if shape.is_case:
            return children.Talk(case=True)
        posts = await self._metadata.posts()
        return children.Talk(case=False, on=posts is not None, visible=posts is not None and posts.has("Visibility"))

    async def item(self, shape: Shape, record_id: str) -> Item:
        """`record_id` has 18 characters; Gone where the recycle bin has the record."""
        known = self._objects.get(shape.name)
        if known is None:
            known = Together(partial(self._one, shape.name), partial(self._several, shape.name), MOST)
            self._objects[shape.name] = known
        whole = await known.get(record_id)
        return mapping.to_item(shape, whole, await self._metadata.statuses(shape), self._url)

    async def prove_gone(self, shape: Shape, record_id: str) -> None:
        """Gone if the record lies in the recycle bin; what was purged and what is hidden cannot be told apart."""
        asked = soql.select("Id, IsDeleted", shape.name, soql.equal("Id", record_id))
        try:
            page = await self._client.query_with_deleted(asked)
        except Refused:
            return
        if any(one["IsDeleted"] is True for one in page.records):
            raise Gone(f"{self._client.name}: {shape.label} {record_id!r} was deleted")

    async def _one(self, sobject: str, record_id: str) -> Whole:
        shape = await self._metadata.shape(sobject)
        answers = await self._answers(shape, [record_id])
        try:
            row = self._client.row(answers[_name(record_id)])
        except NotFound:
            await self.prove_gone(shape, record_id)
            raise
        return (await self._whole(shape, [row], answers))[0]

    async def _several(self, sobject: str, record_ids: Sequence[str]) -> Mapping[str, Whole]:
        """By id, without those that Salesforce does not show."""
        shape = await self._metadata.shape(sobject)
        answers = await self._answers(shape, record_ids)
        shown = [one for one in record_ids if answers[_name(one)].http_status_code < 400]
        rows = [self._client.row(answers[_name(one)]) for one in shown]
        return dict(zip(shown, await self._whole(shape, rows, answers), strict=True))

    async def _answers(self, shape: Shape, record_ids: Sequence[str]) -> dict[str, SubAnswer]:
        talk = await self.talk(shape)
        calls = [
            *(row_call(_name(one), shape.name, one) for one in record_ids),
            query_call("people", people_of(shape, *record_ids)),
            query_call("files", children.files_of(*record_ids)),
            *([query_call("comments", talk.of(*record_ids))] if talk.on else []),
        ]
        return await self._client.reading(calls)

    async def _whole(self, shape: Shape, rows: Sequence[Row], answers: Mapping[str, SubAnswer]) -> list[Whole]:
        talk = await self.talk(shape)
        people = {str(one["Id"]): one for one in await self._rows(answers["people"])}
        files = children.by_record(await self._rows(answers["files"]), "LinkedEntityId")
        comments = children.by_record(await self._rows(answers["comments"]) if "comments" in answers else (), "ParentId")
        return [
            Whole(
                row=row,
                people=mapping.to_people(people.get(one, {})),
                comments=talk.read(comments.get(one, ())),
                attachments=children.read_files(files.get(one, ())),
            )
            for one, row in ((str(row["Id"]), row) for row in rows)
        ]

    async def _rows(self, answer: SubAnswer) -> tuple[Row, ...]:
        return await self._client.rest_of(self._client.page(answer))


def people_of(shape: Shape, *record_ids: str) -> str:
    """The records that records refer to, as far as people know them by name."""
    columns = [f"{relation}.{one}" for relation, field in shape.people().items() for one in shown_columns(field)]
    return soql.select(", ".join(["Id", *columns]), shape.name, soql.among("Id", record_ids))


def _name(record_id: str) -> str:
    """What the part of a composite call that shows the record is called."""
    return f"row_{record_id}"
