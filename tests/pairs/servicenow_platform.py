"""ServiceNow: its incidents."""

import base64
from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.people import explain
from connectors.kit.http import Body, Http
from connectors.kit.richtext import tidy
from connectors.servicenow.text import from_entry
from model.item import Fields, ItemRef
from tests.pairs.platform import PEOPLE, SECRET, Person, Platform, Report, Said, Seen, first_name

BOT = "twinline"
TABLE = "/api/now/table"


class ServiceNowColleague(Person):
    """Someone who works with incidents, which are told by their sys_id."""

    def __init__(self, url: str, name: str) -> None:
        basic = base64.b64encode(f"{name}:{name}-secret".encode()).decode()
        self._http = Http("servicenow", url, {"Authorization": f"Basic {basic}"}, explain, calls_per_second=1000)

    async def create(self, summary: str, **fields: JsonValue) -> str:
        answer = await self._http.write("POST", f"{TABLE}/incident", Body(json={"short_description": summary, **fields}))
        return str(cast("Fields", _result(answer.json()))["sys_id"])

    async def edit(self, sys_id: str, **fields: JsonValue) -> None:
        await self._http.write("PATCH", f"{TABLE}/incident/{sys_id}", Body(json=dict(fields)))

    async def see(self, sys_id: str) -> Fields:
        return cast("Fields", _result((await self._http.get(f"{TABLE}/incident/{sys_id}")).json()))

    async def report(self, report: Report) -> str:
        more: Fields = {"impact": "1", "urgency": "2"} if report.high else {}
        if report.assignee:
            [found] = await self._listed("sys_user", f"user_name={report.assignee}")
            more["assigned_to"] = found["sys_id"]
        return await self.create(report.summary, description=report.description.replace("\n", "\r\n"), category="software", **more)

    async def _listed(self, table: str, query: str) -> list[Fields]:
        answer = await self._http.get(f"{TABLE}/{table}", {"sysparm_query": query, "sysparm_limit": 1000})
        return cast("list[Fields]", _result(answer.json()))

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told = {"short_description": summary, "description": description}
        await self.edit(item, **{name: value for name, value in told.items() if value is not None})

    async def finish(self, item: str) -> None:
        await self.edit(item, state="6", close_code="Solution provided", close_notes="Oiled")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        await self.edit(item, **{"work_notes" if internal else "comments": text})

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        parameters = {"table_name": "incident", "table_sys_id": item, "file_name": filename}
        body = Body(content=content, content_type="application/octet-stream")
        await self._http.write("POST", "/api/now/attachment/file", body, parameters)

    async def look(self, item: str) -> Seen:
        shown = (await self._http.get(f"{TABLE}/incident/{item}", {"sysparm_display_value": "true"})).json()
        record = cast("Fields", _result(shown))
        assignee = record["assigned_to"]
        notes = await self._listed("sys_journal_field", f"element_id={item}^ORDERBYsys_created_on")
        return Seen(
            summary=str(record["short_description"]),
            description=tidy(str(record["description"])),
            done=record["state"] in {"Resolved", "Closed"},
            high=record["priority"] == "2 - High",
            assignee=first_name(assignee["display_value"] if isinstance(assignee, dict) else assignee),
            comments=tuple(_said(one) for one in notes),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        answer = (await self._http.get("/api/now/attachment", {"sysparm_query": f"table_sys_id={item}"})).json()
        found = cast("list[Fields]", _result(answer))
        return {str(one["file_name"]): (await self._http.get(f"/api/now/attachment/{one['sys_id']}/file")).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()


class ServiceNowPlatform(Platform):
    """Its people may read journal entries as records, in place of the activity stream that the API lacks."""

    kind, bot, trigger = "servicenow", BOT, "category=software^active=true"
    settings = {"table": "incident"}
    credentials = {"user": BOT, "password": SECRET}
    seed = {
        "users": [
            {
                "user_name": name,
                "first_name": shown.split()[0],
                "last_name": shown.split()[1],
                "email": f"{name}@acme.test",
                "roles": ["itil", "reader"],
            }
            for name, shown in PEOPLE.items()
        ]
    }

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (ServiceNowColleague(url, name) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, ServiceNowColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    def address(self, ref: ItemRef) -> str:
        return ref.id.partition("/")[2]


def _result(answer: JsonValue) -> JsonValue:
    return cast("Fields", answer)["result"]


def _said(note: Fields) -> Said:
    return Said(author=str(note["sys_created_by"]), text=from_entry(str(note["value"]))[0], internal=note["element"] == "work_notes")
