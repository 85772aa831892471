"""Azure DevOps: the project Acme Shop."""

import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import JsonValue

from cli.demo.people import explain
from connectors.azure_devops import text
from connectors.kit.html import to_html
from connectors.kit.http import Body, Http
from model.errors import TwinlineError
from model.item import Fields, ItemRef
from model.mentions import plain
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Painter, Person, Platform, Report, Said, Seen, first_name

VERSION, COMMENTS = {"api-version": "7.1"}, {"api-version": "7.1-preview.4"}
SHOP = "/acme/Acme%20Shop/_apis/wit"
MENTION = f'<a href="#" data-vss-mention="version:2.0,6f9619ff-8b86-d011-b42d-00cf4fc964ff">{COLLEAGUE}</a>'


class AzureColleague(Person, Painter):
    """Someone who works with the project's work items."""

    def __init__(self, url: str, name: str) -> None:
        self._http = Http("azure", url, {}, explain, calls_per_second=1000, auth=("", f"{name}-token"))

    async def create(self, title: str, **fields: JsonValue) -> str:
        return str((await self._patch("POST", f"{SHOP}/workitems/$Task", {"System.Title": title, **fields}))["id"])

    async def edit(self, item: str, fields: Fields) -> None:
        await self._patch("PATCH", f"{SHOP}/workitems/{item}", fields)

    async def _patch(self, method: str, path: str, fields: Fields, *links: JsonValue) -> Fields:
        operations: list[JsonValue] = [{"op": "add", "path": f"/fields/{name}", "value": value} for name, value in fields.items()]
        body = Body(json=[*operations, *links], content_type="application/json-patch+json")
        return cast("Fields", (await self._http.write(method, path, body, VERSION)).json())

    async def see(self, item: str) -> dict[str, Any]:
        """The fields."""
        answer = cast("dict[str, Any]", (await self._http.get(f"{SHOP}/workitems/{item}", VERSION)).json())
        return {**answer["fields"], "rev": answer["rev"]}

    async def comment(self, item: str, html: str) -> str:
        body = Body(json={"text": html})
        answer = await self._http.write("POST", f"{SHOP}/workItems/{item}/comments", body, COMMENTS)
        return str(cast("Fields", answer.json())["id"])

    async def edit_comment(self, item: str, comment: str, html: str) -> None:
        await self._http.write("PATCH", f"{SHOP}/workItems/{item}/comments/{comment}", Body(json={"text": html}), COMMENTS)

    async def delete_comment(self, item: str, comment: str) -> None:
        await self._http.write("DELETE", f"{SHOP}/workItems/{item}/comments/{comment}", None, COMMENTS)

    async def report(self, report: Report) -> str:
        more: Fields = {"System.Tags": "sync", "System.Description": to_html(report.description).replace(COLLEAGUE, MENTION)}
        if report.high:
            more["Microsoft.VSTS.Common.Priority"] = 2
        if report.assignee:
            more["System.AssignedTo"] = f"{report.assignee}@acme.test"
        return await self.create(report.summary, **more)

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told: Fields = {} if summary is None else {"System.Title": summary}
        await self.edit(item, told if description is None else {**told, "System.Description": to_html(description)})

    async def finish(self, item: str) -> None:
        await self.edit(item, {"System.State": "Closed"})

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        assert not internal, "Azure DevOps has no internal comments"
        await self.comment(item, to_html(text))

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        stored = await self._http.write("POST", f"{SHOP}/attachments", body, {**VERSION, "fileName": filename})
        link: JsonValue = {"rel": "AttachedFile", "url": cast("Fields", stored.json())["url"]}
        await self._patch("PATCH", f"{SHOP}/workitems/{item}", {}, {"op": "add", "path": "/relations/-", "value": link})

    async def look(self, item: str) -> Seen:
        fields = await self.see(item)
        answer = cast("dict[str, Any]", (await self._http.get(f"{SHOP}/workItems/{item}/comments", {**COMMENTS, "$top": 200})).json())
        said = [
            Said(author=one["createdBy"]["displayName"], text=text.received(one["text"])[0], internal=False) for one in answer["comments"]
        ]
        return Seen(
            summary=fields["System.Title"],
            description=plain(text.received(fields.get("System.Description", ""))[0]),
            done=fields["System.State"] == "Closed",
            high=fields["Microsoft.VSTS.Common.Priority"] == 2,
            assignee=first_name(fields.get("System.AssignedTo", {}).get("displayName")),
            labels=frozenset(one for one in fields.get("System.Tags", "").split("; ") if one),
            comments=tuple(said),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        answer = await self._http.get(f"{SHOP}/workitems/{item}", {**VERSION, "$expand": "relations"})
        found = [one for one in cast("dict[str, Any]", answer.json()).get("relations", []) if one["rel"] == "AttachedFile"]
        return {one["attributes"]["name"]: (await self._http.get("/acme" + one["url"].partition("/acme")[2])).body for one in found}

    async def paste(self, item: str, filename: str, content: bytes) -> None:
        """Nothing links a picture that is pasted."""
        body = Body(content=content, content_type="application/octet-stream")
        stored = await self._http.write("POST", f"{SHOP}/attachments", body, {**VERSION, "fileName": filename})
        picture = f'<div>Look:<img src="{cast("Fields", stored.json())["url"]}" alt=Image></div>'
        before = str((await self.see(item)).get("System.Description", ""))
        await self.edit(item, {"System.Description": before + picture})
        await self.comment(item, picture)

    async def pictures(self, item: str) -> list[bytes]:
        answer = cast("dict[str, Any]", (await self._http.get(f"{SHOP}/workItems/{item}/comments", COMMENTS)).json())
        texts = [str((await self.see(item)).get("System.Description", "")), *(one["text"] for one in answer["comments"])]
        return [await self._behind(address) for text in texts for address in re.findall(r'<img[^>]* src="([^"]+)"', text)]

    async def _behind(self, address: str) -> bytes:
        try:
            return (await self._http.get("/acme" + address.partition("/acme")[2].partition("?")[0], VERSION)).body
        except TwinlineError:
            return b""

    async def aclose(self) -> None:
        await self._http.aclose()


class AzurePlatform(Platform):
    kind, bot, trigger = "azure-devops", "azure-bot", "[System.Tags] CONTAINS 'sync'"
    settings = {"project": "Acme Shop"}
    credentials = {"token": SECRET}
    seed = {"users": [{"name": name, "displayName": shown} for name, shown in PEOPLE.items()]}
    path = "/acme"
    search_lag = 1

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (AzureColleague(url, name) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, AzureColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    def address(self, ref: ItemRef) -> str:
        return ref.id
