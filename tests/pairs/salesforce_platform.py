"""Salesforce: the cases of an org."""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.people import FakeControl, explain
from connectors.kit.http import Body, Http
from connectors.salesforce import text
from model.item import Fields, ItemRef
from tests.pairs.platform import PEOPLE, SECRET, Person, Platform, Report, Said, Seen, first_name

APP = "twinline"
API = "/services/data/v60.0"


class SalesforceColleague(Person):
    """Someone who works with cases."""

    def __init__(self, url: str, name: str) -> None:
        self._http = Http("salesforce", url, {"Authorization": f"Bearer {name}-token"}, explain, calls_per_second=1000)
        self._control = FakeControl(url)

    async def create(self, subject: str, description: str = "", **fields: JsonValue) -> str:
        """The id of a new case that is to come under sync."""
        return await self._made("Case", {"Subject": subject, "Description": description, "Origin": "Web", **fields})

    async def edit(self, record_id: str, **fields: JsonValue) -> None:
        await self._http.write("PATCH", f"{API}/sobjects/Case/{record_id}", Body(json=dict(fields)))

    async def see(self, record_id: str) -> Fields:
        """The case as the org holds it, with comments and files."""
        items = cast("list[Fields]", (await self._control.state())["items"])
        return next(one for one in items if one["id"] == record_id)

    async def report(self, report: Report) -> str:
        more: Fields = {"Priority": "High"} if report.high else {}
        if report.assignee:
            people = await self._people()
            more["OwnerId"] = next(number for number, name in people.items() if first_name(name) == report.assignee)
        return await self.create(report.summary, report.description.replace("\n", "\r\n"), **more)

    async def _people(self) -> dict[str, str]:
        """Everybody's name by id."""
        answer = await self._http.get(f"{API}/query", {"q": "SELECT Id, Name FROM User"})
        return {str(one["Id"]): str(one["Name"]) for one in cast("dict[str, list[Fields]]", answer.json())["records"]}

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told = {"Subject": summary, "Description": description}
        await self.edit(item, **{name: value for name, value in told.items() if value is not None})

    async def finish(self, item: str) -> None:
        await self.edit(item, Status="Closed")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        await self._made("CaseComment", {"ParentId": item, "CommentBody": text, "IsPublished": not internal})

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        await self._http.write("POST", f"{API}/sobjects/ContentVersion", _form(item, filename, content))

    async def look(self, item: str) -> Seen:
        case, people = await self.see(item), await self._people()
        said = [
            Said(author=people[str(one["CreatedById"])], text=text.received(str(one["CommentBody"]))[0], internal=not one["public"])
            for one in cast("list[Fields]", case["comments"])
        ]
        return Seen(
            summary=str(case["Subject"]),
            description=text.received(cast("str | None", case["Description"]))[0],
            done=case["Status"] == "Closed",
            high=case["Priority"] == "High",
            assignee=first_name(people.get(str(case["OwnerId"]))),
            comments=tuple(said),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        found = cast("list[Fields]", (await self.see(item))["attachments"])
        path = f"{API}/sobjects/ContentVersion"
        return {str(one["filename"]): (await self._http.get(f"{path}/{one['LatestPublishedVersionId']}/VersionData")).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()
        await self._control.aclose()

    async def _made(self, table: str, values: Fields) -> str:
        answer = await self._http.write("POST", f"{API}/sobjects/{table}", Body(json=values))
        return str(cast("Fields", answer.json())["id"])


class SalesforcePlatform(Platform):
    kind, bot, trigger = "salesforce", APP, "Origin = 'Web'"
    settings = {"object": "Case"}
    credentials = {"client_id": APP, "client_secret": SECRET}
    seed = {
        "users": [
            {"name": name, "full_name": shown, "email": f"{name}@acme.test", "token": f"{name}-token"} for name, shown in PEOPLE.items()
        ]
    }

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (SalesforceColleague(url, name) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, SalesforceColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    def address(self, ref: ItemRef) -> str:
        return ref.id


def _form(record_id: str, filename: str, content: bytes) -> Body:
    """The multipart message of a new file."""
    fields = f'{{"PathOnClient": "{filename}", "FirstPublishLocationId": "{record_id}"}}'
    head = '--b\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n'
    middle = f'\r\n--b\r\nContent-Disposition: form-data; name="VersionData"; filename="{filename}"\r\n\r\n'
    whole = f"{head}{fields}{middle}".encode() + content + b"\r\n--b--\r\n"
    return Body(content=whole, content_type="multipart/form-data; boundary=b")
