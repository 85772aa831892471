"""Redmine: one project of it."""

from collections.abc import Mapping
from typing import cast

from cli.demo.redmine_people import RedminePerson
from connectors.redmine.text import received
from model.item import Fields, ItemRef
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Person, Platform, Report, Said, Seen, first_name

EXTERNAL_ID = 1
UNDER_SYNC = "sync"


class RedmineColleague(RedminePerson, Person):
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

    def address(self, ref: ItemRef) -> str:
        return ref.id


def _name(value: object) -> str:
    return str(cast("Fields", value)["name"])


def _said(entry: Fields) -> Said:
    return Said(author=_name(entry["user"]), text=received(str(entry["notes"]))[0], internal=bool(entry["private_notes"]))
