"""Jira Data Center: the project APP, over version 2 of the API, with wiki markup and users by name."""

from collections.abc import AsyncIterator, Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.people import explain
from connectors.jira.wiki import from_wiki, to_wiki
from connectors.kit.http import Body, Http
from connectors.kit.multipart import FilePart, form
from model.item import Fields, ItemRef
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Person, Platform, Report, Said, Seen, first_name

API = "/rest/api/2"
HIDDEN: Fields = {"type": "role", "value": "Administrators"}


class DataCenterColleague(Person):
    def __init__(self, url: str, name: str) -> None:
        self._http = Http("jira", url, {"Authorization": f"Bearer {name}-token"}, explain, calls_per_second=1000)

    async def report(self, report: Report) -> str:
        fields: Fields = {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, "summary": report.summary, "labels": ["sync"]}
        fields["description"] = to_wiki(report.description).replace(COLLEAGUE, "[~bob]")
        fields |= {"priority": {"name": "High"}} if report.high else {}
        fields |= {"assignee": {"name": report.assignee}} if report.assignee else {}
        answer = await self._http.write("POST", f"{API}/issue", Body(json={"fields": fields}))
        return str(cast("Fields", answer.json())["key"])

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told: Fields = {"summary": summary} if summary is not None else {}
        told |= {"description": to_wiki(description)} if description is not None else {}
        await self._http.write("PUT", f"{API}/issue/{item}", Body(json={"fields": told}))

    async def finish(self, item: str) -> None:
        path = f"{API}/issue/{item}/transitions"
        found = cast("list[Mapping[str, Fields]]", cast("Fields", (await self._http.get(path)).json())["transitions"])
        done = next(one for one in found if one["to"]["name"] == "Done")
        await self._http.write("POST", path, Body(json={"transition": {"id": cast("str", done["id"])}}))

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        body: Fields = {"body": to_wiki(text), **({"visibility": HIDDEN} if internal else {})}
        await self._http.write("POST", f"{API}/issue/{item}/comment", Body(json=body))

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        body, headers = form(FilePart("file", filename, "application/octet-stream", len(content)), _once(content))
        headers["X-Atlassian-Token"] = "no-check"
        await self._http.write("POST", f"{API}/issue/{item}/attachments", body, headers=headers)

    async def look(self, item: str) -> Seen:
        fields = await self._fields(item)
        answer = (await self._http.get(f"{API}/issue/{item}/comment", {"maxResults": 1000})).json()
        return Seen(
            summary=str(fields["summary"]),
            description=from_wiki(str(fields["description"] or "")),
            done=_part(fields["status"], "name") == "Done",
            high=_part(fields["priority"], "name") == "High",
            assignee=first_name(_part(fields["assignee"], "displayName")),
            labels=frozenset(cast("list[str]", fields["labels"])),
            comments=tuple(_said(one) for one in cast("list[Fields]", cast("Fields", answer)["comments"])),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        files = cast("list[Fields]", (await self._fields(item))["attachment"])
        return {str(one["filename"]): (await self._http.get(_path(str(one["content"])))).body for one in files}

    async def _fields(self, item: str) -> Fields:
        return cast("dict[str, Fields]", (await self._http.get(f"{API}/issue/{item}")).json())["fields"]

    async def aclose(self) -> None:
        await self._http.aclose()


class DataCenterPlatform(Platform):
    kind, bot, trigger = "jira", "bot", "project = APP AND labels = sync"
    settings = {"project": "APP"}
    credentials = {"token": SECRET}
    seed = {
        "deployment": "Server",
        "users": [{"name": name, "displayName": shown, "roles": ["Administrators"]} for name, shown in PEOPLE.items()],
    }
    search_lag = 1

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._people = {name: DataCenterColleague(url, name) for name in PEOPLE}

    @property
    def people(self) -> Mapping[str, DataCenterColleague]:
        return self._people

    def address(self, ref: ItemRef) -> str:
        return ref.key


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _path(address: str) -> str:
    return f"/secure/{address.partition('/secure/')[2]}"


def _part(value: JsonValue, name: str) -> JsonValue:
    return cast("Fields", value)[name] if value else None


def _said(comment: Fields) -> Said:
    author = str(_part(comment["author"], "displayName"))
    return Said(author=author, text=from_wiki(str(comment["body"])), internal="visibility" in comment)
