"""Zendesk: the tickets of an account."""

import html
import re
from collections.abc import Mapping
from typing import cast

from cli.demo.people import explain
from connectors.kit.html import to_html
from connectors.kit.http import Body, Http
from connectors.zendesk import text
from model.errors import TwinlineError
from model.item import Fields, ItemRef
from tests.pairs.platform import PEOPLE, SECRET, Painter, Person, Platform, Report, Said, Seen, first_name

BOT = "bot@acme.test"

Talk = list[tuple[str, bool]]


class ZendeskColleague(Person, Painter):
    """Someone who answers tickets."""

    def __init__(self, url: str, name: str) -> None:
        auth = (f"{name}@acme.test/token", f"{name}-token")
        self._http = Http("zendesk", url, {}, explain, calls_per_second=1000, auth=auth)

    async def create(self, subject: str, description: str, **fields: object) -> str:
        return await self._made({"subject": subject, "comment": {"body": description}, **fields})

    async def _made(self, ticket: Mapping[str, object]) -> str:
        answer = await self._http.write("POST", "/api/v2/tickets", Body(json=cast("Fields", {"ticket": ticket})))
        return str(cast("dict[str, Fields]", answer.json())["ticket"]["id"])

    async def edit(self, ticket: str, **fields: object) -> None:
        await self._http.write("PUT", f"/api/v2/tickets/{ticket}", Body(json=cast("Fields", {"ticket": fields})))

    async def see(self, ticket: str) -> Fields:
        return cast("dict[str, Fields]", (await self._http.get(f"/api/v2/tickets/{ticket}")).json())["ticket"]

    async def comments(self, ticket: str) -> list[Fields]:
        answer = await self._http.get(f"/api/v2/tickets/{ticket}/comments", {"page[size]": 100})
        return cast("dict[str, list[Fields]]", answer.json())["comments"]

    async def talk(self, ticket: str) -> Talk:
        """Each comment without files, and whether it is internal; the description is none."""
        said = (await self.comments(ticket))[1:]
        return [(" ".join(str(one["plain_body"]).split()), not one["public"]) for one in said if not one["attachments"]]

    async def search(self, query: str) -> list[str]:
        answer = await self._http.get("/api/v2/search", {"query": query})
        return [str(one["id"]) for one in cast("dict[str, list[Fields]]", answer.json())["results"]]

    async def report(self, report: Report) -> str:
        more: Fields = {"priority": "high"} if report.high else {}
        if report.assignee:
            more["assignee_email"] = f"{report.assignee}@acme.test"
        comment = {"html_body": to_html(report.description or report.summary)}
        return await self._made({"subject": report.summary, "comment": comment, "tags": ["sync"], **more})

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        assert description is None, "nobody can edit a description in Zendesk"
        await self.edit(item, subject=summary)

    async def finish(self, item: str) -> None:
        await self.edit(item, status="solved")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        await self.edit(item, comment={"body": text, "public": not internal})

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._http.write("POST", "/api/v2/uploads", body, {"filename": filename})
        token = cast("dict[str, Fields]", answer.json())["upload"]["token"]
        await self.edit(item, comment={"body": "A file", "public": True, "uploads": [token]})

    async def look(self, item: str) -> Seen:
        """A comment that holds files counts as those."""
        ticket, (first, *said), people = await self.see(item), await self.comments(item), await self._people()
        return Seen(
            summary=str(ticket["subject"]),
            description=text.received(str(first["html_body"]), None),
            done=ticket["status"] in {"solved", "closed"},
            high=ticket["priority"] == "high",
            assignee=first_name(people.get(str(ticket["assignee_id"]))),
            labels=frozenset(cast("list[str]", ticket["tags"])),
            comments=tuple(
                Said(author=people[str(one["author_id"])], text=text.received(str(one["html_body"]), None), internal=not one["public"])
                for one in said
                if not one["attachments"]
            ),
        )

    async def _people(self) -> dict[str, str]:
        """Everybody's name by id."""
        answer = await self._http.get("/api/v2/users")
        return {str(one["id"]): str(one["name"]) for one in cast("dict[str, list[Fields]]", answer.json())["users"]}

    async def enclosures(self, item: str) -> dict[str, bytes]:
        found = [file for one in await self.comments(item) for file in cast("list[Fields]", one["attachments"])]
        paths = {str(one["file_name"]): str(one["content_url"]).partition("/attachments")[2] for one in found}
        return {name: (await self._http.get(f"/attachments{path}")).body for name, path in paths.items()}

    async def paste(self, item: str, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._http.write("POST", "/api/v2/uploads", body, {"filename": filename})
        upload = cast("dict[str, Fields]", answer.json())["upload"]
        address = html.escape(str(cast("Fields", upload["attachment"])["content_url"]))
        said: Fields = {"html_body": f'<p>Look:</p><p><img src="{address}"></p>', "public": True, "uploads": [upload["token"]]}
        await self.edit(item, comment=said)

    async def pictures(self, item: str) -> list[bytes]:
        texts = [str(one["html_body"]) for one in await self.comments(item)]
        return [await self._behind(html.unescape(one)) for text in texts for one in re.findall(r'<img[^>]* src="([^"]+)"', text)]

    async def _behind(self, address: str) -> bytes:
        try:
            return (await self._http.get(f"/attachments{address.partition('/attachments')[2]}")).body
        except TwinlineError:
            return b""

    async def aclose(self) -> None:
        await self._http.aclose()


class ZendeskPlatform(Platform):
    """Its export, which lags by a minute and is asked ten times a minute at the most, is hasty here."""

    kind, bot, trigger = "zendesk", BOT, "tags:sync"
    settings = {}
    credentials = {"email": BOT, "token": SECRET}
    seed = {
        "export_lag_s": 1,
        "export_calls": 100_000,
        "calls": 100_000,
        "users": [{"name": shown, "email": f"{name}@acme.test", "token": f"{name}-token"} for name, shown in PEOPLE.items()],
        "tickets": [],
    }
    search_lag = 1
    rewords = False

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (ZendeskColleague(url, name) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, ZendeskColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    def address(self, ref: ItemRef) -> str:
        return ref.id
