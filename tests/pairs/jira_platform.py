"""Jira: the service desk HELP, or the project APP."""

from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.redmine_people import DeskAgent
from connectors.kit.http import Body
from connectors.kit.richtext import from_adf, to_adf
from model.item import Fields, ItemRef
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Painter, Person, Platform, Report, Said, Seen, Timekeeper, Worked, first_name

BOT = "bot@acme.test"
STARTED = "2026-03-02T09:30:15.000+0100"


class JiraColleague(DeskAgent, Person, Painter, Timekeeper):
    """Someone who works in one project."""

    def __init__(self, url: str, name: str, project: str) -> None:
        super().__init__(url, f"{name}@acme.test", f"{name}-token")
        self._project = project

    async def report(self, report: Report) -> str:
        fields: Fields = {"priority": {"name": "High"}} if report.high else {}
        if report.assignee:
            fields["assignee"] = {"accountId": await self.account(report.assignee)}
        mention = f"""<span adf="mention" params='{{"id":"{await self.account("bob")}"}}'>{COLLEAGUE}</span>"""
        description = report.description.replace(COLLEAGUE, mention)
        return await self.create(self._project, report.summary, description, ("sync",), **fields)

    async def account(self, name: str) -> str:
        found = (await self._http.get("/rest/api/3/user/search", {"query": name})).json()
        return str(cast("list[Fields]", found)[0]["accountId"])

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told = {"summary": summary, "description": description}
        await self.edit(item, **{name: value for name, value in told.items() if value is not None})

    async def finish(self, item: str) -> None:
        await self.move(item, "Done")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        await (self.note(item, text) if internal else self.comment(item, text))

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        await self.attach(item, filename, content)

    async def look(self, item: str) -> Seen:
        fields = await self.see(item)
        answer = (await self._http.get(f"/rest/api/3/issue/{item}/comment", {"maxResults": 1000})).json()
        return Seen(
            summary=str(fields["summary"]),
            description=str(fields["description"]),
            done=_part(fields["status"], "name") == "Done",
            high=_part(fields["priority"], "name") == "High",
            assignee=first_name(_part(fields["assignee"], "displayName")),
            labels=frozenset(cast("list[str]", fields["labels"])),
            comments=tuple(_said(one) for one in cast("list[Fields]", cast("Fields", answer)["comments"])),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        return await self.files(item)

    async def paste(self, item: str, filename: str, content: bytes) -> None:
        """As a node of the media store, which knows the file by an id of its own."""
        await self.attach(item, filename, content)
        media: Fields = {"type": "media", "attrs": {"type": "file", "id": f"id-of-{filename}", "collection": "", "alt": filename}}
        picture: Fields = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}
        before = cast("Fields | None", (await self._raw(item))[0])
        content_before = cast("list[JsonValue]", before["content"]) if before else []
        await self._http.write("PUT", f"/rest/api/3/issue/{item}", Body(json={"fields": {"description": _doc(*content_before, picture)}}))
        await self._http.write("POST", f"/rest/api/3/issue/{item}/comment", Body(json={"body": _doc(picture)}))

    async def pictures(self, item: str) -> list[bytes]:
        files, found = await self.files(item), cast("list[Fields]", (await self.see(item))["attachment"])
        names = {str(one["id"]): str(one["filename"]) for one in found}
        media = [one for text in await self._raw(item) for one in _media(text)]
        shown = [str(one.get("alt") if one["type"] == "file" else names.get(_id_in(str(one["url"])))) for one in media]
        return [files.get(name, b"") for name in shown]

    async def _raw(self, item: str) -> list[JsonValue]:
        """The description and the comments as documents."""
        issue = cast("dict[str, Fields]", (await self._http.get(f"/rest/api/3/issue/{item}", {"fields": "description"})).json())
        answer = cast("Fields", (await self._http.get(f"/rest/api/3/issue/{item}/comment", {"maxResults": 1000})).json())
        return [issue["fields"]["description"], *(one["body"] for one in cast("list[Fields]", answer["comments"]))]

    async def log(self, item: str, minutes: int, words: str) -> None:
        begun: Fields = {"started": STARTED, "timeSpentSeconds": minutes * 60, "comment": to_adf(words)}
        await self._http.write("POST", f"/rest/api/3/issue/{item}/worklog", Body(json=begun))

    async def correct(self, item: str, words: str, *, minutes: int | None = None, new: str | None = None) -> None:
        changed: Fields = {"timeSpentSeconds": minutes * 60} if minutes else {}
        changed |= {"comment": to_adf(new)} if new else {}
        await self._http.write("PUT", f"/rest/api/3/issue/{item}/worklog/{await self._log(item, words)}", Body(json=changed))

    async def unlog(self, item: str, words: str) -> None:
        await self._http.write("DELETE", f"/rest/api/3/issue/{item}/worklog/{await self._log(item, words)}", Body(json={}))

    async def worked(self, item: str) -> tuple[Worked, ...]:
        return tuple(
            Worked(
                author=str(_part(one["author"], "displayName")),
                minutes=round(cast("int", one["timeSpentSeconds"]) / 60),
                words=from_adf(one.get("comment")),
            )
            for one in await self.logs(item)
        )

    async def block(self, item: str, other: str) -> None:
        """A link that says that the one item blocks the other."""
        link: Fields = {"type": {"name": "Blocks"}, "inwardIssue": {"key": item}, "outwardIssue": {"key": other}}
        await self._http.write("POST", "/rest/api/3/issueLink", Body(json=link))

    async def unblock(self, item: str) -> None:
        """Take away all links of the item."""
        for one in cast("list[Fields]", (await self.see(item))["issuelinks"]):
            await self._http.write("DELETE", f"/rest/api/3/issueLink/{one['id']}")

    async def blocked(self, item: str) -> list[str]:
        """What the item blocks."""
        links = cast("list[Fields]", (await self.see(item))["issuelinks"])
        return [str(_part(one["outwardIssue"], "key")) for one in links if "outwardIssue" in one and _part(one["type"], "name") == "Blocks"]

    async def logs(self, item: str) -> list[Fields]:
        answer = (await self._http.get(f"/rest/api/3/issue/{item}/worklog")).json()
        return cast("list[Fields]", cast("Fields", answer)["worklogs"])

    async def _log(self, item: str, words: str) -> str:
        return next(str(one["id"]) for one in await self.logs(item) if from_adf(one.get("comment")) == words)


class JiraPlatform(Platform):
    """A service desk."""

    kind, bot, trigger = "jira", BOT, "project = HELP AND labels = sync"
    settings = {"project": "HELP"}
    credentials = {"user": BOT, "token": SECRET}
    seed = {
        "users": [
            {"name": "ann", "displayName": PEOPLE["ann"], "roles": ["Administrators", "Service Desk Team"]},
            {"name": "bob", "displayName": PEOPLE["bob"], "timeZone": "America/New_York"},
            {"name": "cat", "displayName": PEOPLE["cat"]},
        ]
    }
    search_lag = 1

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (JiraColleague(url, name, str(self.settings["project"])) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, JiraColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    @property
    def timekeepers(self) -> Mapping[str, JiraColleague]:
        return self.people

    def address(self, ref: ItemRef) -> str:
        return ref.key


class JiraApp(JiraPlatform):
    """A software project."""

    settings = {"project": "APP"}
    trigger = "project = APP AND labels = sync"


def _doc(*content: JsonValue) -> Fields:
    return {"type": "doc", "version": 1, "content": list(content)}


def _media(node: JsonValue) -> Iterator[Fields]:
    match node:
        case {"type": "media", "attrs": dict(attributes)}:
            yield attributes
        case {"content": list(inside)}:
            for one in inside:
                yield from _media(one)
        case _:
            return


def _id_in(address: str) -> str:
    return address.partition("/attachment/content/")[2].partition("?")[0]


def _part(value: JsonValue, name: str) -> JsonValue:
    return cast("Fields", value)[name] if value else None


def _said(comment: Fields) -> Said:
    author = str(_part(comment["author"], "displayName"))
    return Said(author=author, text=from_adf(comment["body"]), internal=not comment["jsdPublic"])
