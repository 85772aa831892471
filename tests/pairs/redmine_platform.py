"""Redmine: one project of it."""

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import quote, unquote

from cli.demo.redmine_people import RedminePerson
from connectors.kit.http import Body
from connectors.redmine.text import received, told
from model.item import Fields, ItemRef
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Painter, Person, Platform, Report, Said, Seen, Timekeeper, Worked, first_name

EXTERNAL_ID = 1
UNDER_SYNC = "sync"


class RedmineColleague(RedminePerson, Person, Painter, Timekeeper):
    """Someone who works with the project's issues; what is to come under sync has an external ID."""

    async def report(self, report: Report) -> str:
        more: Fields = {"priority_id": await self._number("enumerations/issue_priorities", "High")} if report.high else {}
        if report.assignee:
            more["assigned_to_id"] = await self._member(report.assignee)
        own: Fields = {"custom_fields": [{"id": EXTERNAL_ID, "value": UNDER_SYNC}]}
        return str(await self.create(report.summary, report.description.replace(COLLEAGUE, "@bob"), **own, **more))

    async def _number(self, listing: str, name: str) -> int:
        answer = cast("Mapping[str, list[Fields]]", (await self._http.get(f"/{listing}.json")).json())
        [found] = [one for one in answer[listing.rpartition("/")[2]] if one["name"] == name]
        return cast("int", found["id"])

    async def _member(self, name: str) -> int:
        answer = cast("Mapping[str, list[Fields]]", (await self._http.get(f"/projects/{self._project}/memberships.json")).json())
        people = [cast("Fields", one["user"]) for one in answer["memberships"]]
        return next(cast("int", one["id"]) for one in people if first_name(one["name"]) == name)

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told = {"subject": summary, "description": description}
        await self.edit(int(item), **{name: value for name, value in told.items() if value is not None})

    async def finish(self, item: str) -> None:
        await self.move(int(item), "Closed")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        await self.note(int(item), text, private=internal)

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        await self.attach(int(item), filename, content)

    async def look(self, item: str) -> Seen:
        issue = await self.see(int(item))
        return Seen(
            summary=str(issue["subject"]),
            description=received(cast("str | None", issue["description"]))[0],
            done=_name(issue["status"]) in {"Closed", "Resolved", "Rejected"},
            high=_name(issue["priority"]) == "High",
            assignee=first_name(_name(issue["assigned_to"])) if "assigned_to" in issue else "",
            comments=tuple(_said(one) for one in cast("list[Fields]", issue["journals"]) if one["notes"]),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        return await self.files(int(item))

    async def paste(self, item: str, filename: str, content: bytes) -> None:
        await self.attach(int(item), filename, content)
        before, picture = str((await self.see(int(item)))["description"] or ""), f"![]({quote(filename)})"
        await self.edit(int(item), description=f"{before}\n\n{picture}", notes=f"Look: {picture}")

    async def pictures(self, item: str) -> list[bytes]:
        issue, files = await self.see(int(item)), await self.files(int(item))
        texts = [str(issue["description"] or ""), *(str(one["notes"] or "") for one in cast("list[Fields]", issue["journals"]))]
        return [files.get(unquote(name), b"") for text in texts for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)]

    async def log(self, item: str, minutes: int, words: str) -> None:
        entry: Fields = {"issue_id": int(item), "hours": minutes / 60, "comments": words, "spent_on": "2026-03-02", "activity_id": 9}
        await self._http.write("POST", "/time_entries.json", Body(json={"time_entry": entry}))

    async def correct(self, item: str, words: str, *, minutes: int | None = None, new: str | None = None) -> None:
        entry = await self._entry(item, words)
        changed: Fields = {"hours": minutes / 60} if minutes else {}
        changed |= {"comments": str(entry["comments"]).replace(words, new)} if new else {}
        await self._http.write("PUT", f"/time_entries/{entry['id']}.json", Body(json={"time_entry": changed}))

    async def unlog(self, item: str, words: str) -> None:
        await self._http.write("DELETE", f"/time_entries/{(await self._entry(item, words))['id']}.json")

    async def worked(self, item: str) -> tuple[Worked, ...]:
        return tuple(
            Worked(author=_name(one["user"]), minutes=round(cast("float", one["hours"]) * 60), words=told(str(one["comments"]))[0])
            for one in await self._entries(item)
        )

    async def block(self, item: str, other: str) -> None:
        """A relation that says that the one issue blocks the other."""
        relation: Fields = {"issue_to_id": other, "relation_type": "blocks"}
        await self._http.write("POST", f"/issues/{item}/relations.json", Body(json={"relation": relation}))

    async def unblock(self, item: str) -> None:
        """Take away all relations of the issue."""
        for one in await self._relations(item):
            await self._http.write("DELETE", f"/relations/{one['id']}.json")

    async def blocked(self, item: str) -> list[str]:
        """What the issue blocks."""
        found = await self._relations(item)
        return [str(one["issue_to_id"]) for one in found if str(one["issue_id"]) == item and one["relation_type"] == "blocks"]

    async def _relations(self, item: str) -> list[Fields]:
        answer = (await self._http.get(f"/issues/{item}/relations.json")).json()
        return cast("list[Fields]", cast("Fields", answer)["relations"])

    async def _entries(self, item: str) -> list[Fields]:
        answer = (await self._http.get("/time_entries.json", {"issue_id": item, "limit": 100})).json()
        return cast("list[Fields]", cast("Fields", answer)["time_entries"])

    async def _entry(self, item: str, words: str) -> Fields:
        return next(one for one in await self._entries(item) if told(str(one["comments"]))[0] == words)


class RedminePlatform(Platform):
    kind, bot = "redmine", "twinline"
    trigger = f"cf_{EXTERNAL_ID}={UNDER_SYNC}&status_id=*"
    settings = {"project": "ops"}
    credentials = {"key": SECRET}
    seed = {
        "users": [
            {
                "login": name,
                "firstname": shown.split()[0],
                "lastname": shown.split()[1],
                "mail": f"{name}@acme.test",
                "key": f"{name}-token",
            }
            for name, shown in PEOPLE.items()
        ]
    }

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (RedmineColleague(url, f"{name}-token", str(self.settings["project"])) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, RedmineColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    @property
    def timekeepers(self) -> Mapping[str, RedmineColleague]:
        return self.people

    def address(self, ref: ItemRef) -> str:
        return ref.id


def _name(value: object) -> str:
    return str(cast("Fields", value)["name"])


def _said(entry: Fields) -> Said:
    return Said(author=_name(entry["user"]), text=received(str(entry["notes"]))[0], internal=bool(entry["private_notes"]))
