"""People of the demo with a real Redmine: an agent of Jira's service desk, and someone who works in Redmine."""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.people import JiraPerson, explain
from connectors.kit.http import Body, Http
from connectors.kit.richtext import from_adf
from model.item import Fields

INTERNAL: dict[str, JsonValue] = {"key": "sd.public.comment", "value": {"internal": True}}


class DeskAgent(JiraPerson):
    """Someone who answers requests in a service desk project of Jira."""

    async def note(self, key: str, text: str) -> str:
        """A comment that customers do not see."""
        return await self.comment(key, text, properties=[INTERNAL])

    async def talk(self, key: str) -> list[tuple[str, bool]]:
        """Each comment's text, and whether customers are kept from it."""
        answer = cast("Fields", (await self._http.get(f"/rest/api/3/issue/{key}/comment", {"maxResults": 1000})).json())
        return [(from_adf(one["body"]), not one["jsdPublic"]) for one in cast("list[Fields]", answer["comments"])]

    async def files(self, key: str) -> dict[str, bytes]:
        """The attachments by name."""
        found = cast("list[Fields]", (await self.see(key))["attachment"])
        path = "/rest/api/3/attachment/content"
        return {str(one["filename"]): (await self._http.get(f"{path}/{one['id']}")).body for one in found}


class RedminePerson:
    """Someone who works in one project of a Redmine."""

    def __init__(self, url: str, key: str, project: str) -> None:
        self._http = Http("redmine", url, {"X-Redmine-API-Key": key, "Accept": "application/json"}, explain, calls_per_second=1000)
        self._project = project

    async def enter(self) -> None:
        """Unavailable or Refused where Redmine does not answer, or does not know the key."""
        await self._http.get("/users/current.json")

    async def create(self, subject: str, description: str = "", **fields: JsonValue) -> int:
        """The new issue's number."""
        issue: Fields = {"project_id": self._project, "subject": subject, "description": description, **fields}
        answer = await self._http.write("POST", "/issues.json", Body(json={"issue": issue}))
        return cast("int", _part(answer.json(), "issue")["id"])

    async def edit(self, number: int, **fields: JsonValue) -> None:
        await self._http.write("PUT", f"/issues/{number}.json", Body(json={"issue": dict(fields)}))

    async def move(self, number: int, status: str) -> None:
        """To the status of that name."""
        found = cast("Mapping[str, list[Fields]]", (await self._http.get("/issue_statuses.json")).json())["issue_statuses"]
        await self.edit(number, status_id=next(one["id"] for one in found if one["name"] == status))

    async def note(self, number: int, text: str, *, private: bool = False) -> None:
        await self.edit(number, notes=text, private_notes=private)

    async def attach(self, number: int, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._http.write("POST", "/uploads.json", body, {"filename": filename})
        token = _part(answer.json(), "upload")["token"]
        await self.edit(number, uploads=[{"token": token, "filename": filename, "content_type": "application/octet-stream"}])

    async def see(self, number: int) -> Fields:
        """The issue as Redmine tells it, with its history and files."""
        return _part((await self._http.get(f"/issues/{number}.json", {"include": "journals,attachments"})).json(), "issue")

    async def notes(self, number: int) -> list[tuple[str, bool]]:
        """Each note's text, and whether it is private."""
        journals = cast("list[Fields]", (await self.see(number))["journals"])
        return [(str(one["notes"]), bool(one["private_notes"])) for one in journals if one["notes"]]

    async def files(self, number: int) -> dict[str, bytes]:
        """The attachments by name."""
        found = cast("list[Fields]", (await self.see(number))["attachments"])
        return {str(one["filename"]): (await self._http.get(f"/attachments/download/{one['id']}")).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()


def _part(answer: JsonValue, name: str) -> Fields:
    return cast("Mapping[str, Fields]", answer)[name]
