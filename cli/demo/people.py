"""People of the demo, working in the systems through the vendors' own APIs, as Twinline's users do."""

import base64
from collections.abc import AsyncIterator, Mapping
from typing import cast

from pydantic import JsonValue

from connectors.kit.http import Answer, Body, Http
from connectors.kit.multipart import FilePart, form
from connectors.kit.richtext import from_adf, to_adf
from model.errors import NotFound, Refused, TwinlineError
from model.item import Fields


def explain(answer: Answer) -> TwinlineError:
    """What a person is told of a call that the platform refuses."""
    text = f"{answer.url} answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
    return NotFound(text) if answer.status in {404, 410} else Refused(text)


def _object(value: JsonValue) -> Fields:
    return cast("Fields", value)


class FakeControl:
    """The switches and the state of a fake."""

    def __init__(self, url: str) -> None:
        self._http = Http("fake", url, {}, explain, calls_per_second=1000)

    async def set(self, **switches: JsonValue) -> None:
        await self._http.query("/_fake/control", dict(switches))

    async def state(self) -> Fields:
        return _object((await self._http.get("/_fake/state")).json())

    async def log(self, after: int = 0) -> list[Fields]:
        """All that was written, and every reading of a whole item, but for the first `after` records."""
        return cast("list[Fields]", (await self._http.get("/_fake/log", {"after": after})).json())

    async def writes(self, actor: str) -> int:
        """How many writes that account has made."""
        log = cast("list[Fields]", (await self.state())["log"])
        return sum(1 for record in log if record["actor"] == actor)

    async def calls(self) -> int:
        return sum(cast("dict[str, int]", (await self.state())["calls"]).values())

    async def aclose(self) -> None:
        await self._http.aclose()


class JiraPerson:
    """Someone who works in Jira."""

    def __init__(self, url: str, email: str, token: str) -> None:
        basic = base64.b64encode(f"{email}:{token}".encode()).decode()
        self._http = Http("jira", url, {"Authorization": f"Basic {basic}"}, explain, calls_per_second=1000)

    async def create(self, project: str, summary: str, description: str = "", labels: tuple[str, ...] = (), **fields: JsonValue) -> str:
        """The new issue's key."""
        body: Fields = {
            "project": {"key": project},
            "issuetype": {"name": "Task"},
            "summary": summary,
            "labels": list(labels),
            **({"description": to_adf(description)} if description else {}),
            **fields,
        }
        answer = await self._http.write("POST", "/rest/api/3/issue", Body(json={"fields": body}))
        return str(_object(answer.json())["key"])

    async def edit(self, key: str, **fields: JsonValue) -> None:
        if "description" in fields:
            fields = {**fields, "description": to_adf(str(fields["description"]))}
        await self._http.write("PUT", f"/rest/api/3/issue/{key}", Body(json={"fields": dict(fields)}))

    async def move(self, key: str, status: str) -> None:
        """Along the transition that leads to `status`."""
        path = f"/rest/api/3/issue/{key}/transitions"
        found = cast("list[Mapping[str, Fields]]", _object((await self._http.get(path)).json())["transitions"])
        chosen = next(one for one in found if one["to"]["name"] == status)
        await self._http.write("POST", path, Body(json={"transition": {"id": cast("str", chosen["id"])}}))

    async def comment(self, key: str, text: str, **more: JsonValue) -> str:
        answer = await self._http.write("POST", f"/rest/api/3/issue/{key}/comment", Body(json={"body": to_adf(text), **more}))
        return str(_object(answer.json())["id"])

    async def edit_comment(self, key: str, comment: str, text: str) -> None:
        await self._http.write("PUT", f"/rest/api/3/issue/{key}/comment/{comment}", Body(json={"body": to_adf(text)}))

    async def delete_comment(self, key: str, comment: str) -> None:
        await self._http.write("DELETE", f"/rest/api/3/issue/{key}/comment/{comment}")

    async def attach(self, key: str, filename: str, content: bytes) -> str:
        body, headers = form(FilePart("file", filename, "application/octet-stream", len(content)), _once(content))
        headers["X-Atlassian-Token"] = "no-check"
        answer = await self._http.write("POST", f"/rest/api/3/issue/{key}/attachments", body, headers=headers)
        return str(cast("list[Fields]", answer.json())[0]["id"])

    async def detach(self, attachment: str) -> None:
        await self._http.write("DELETE", f"/rest/api/3/attachment/{attachment}")

    async def see(self, key: str) -> Fields:
        """The issue's fields, with texts as neutral rich text."""
        fields = _object(_object((await self._http.get(f"/rest/api/3/issue/{key}")).json())["fields"])
        return {**fields, "description": from_adf(fields["description"])}

    async def comments(self, key: str) -> list[str]:
        answer = _object((await self._http.get(f"/rest/api/3/issue/{key}/comment", {"maxResults": 1000})).json())
        return [from_adf(comment["body"]) for comment in cast("list[Fields]", answer["comments"])]

    async def search(self, jql: str) -> list[str]:
        """Keys of the issues that match."""
        query: Fields = {"jql": jql, "maxResults": 1000, "fields": ["summary"]}
        answer = _object((await self._http.query("/rest/api/3/search/jql", query)).json())
        return [str(issue["key"]) for issue in cast("list[Fields]", answer["issues"])]

    async def aclose(self) -> None:
        await self._http.aclose()


class GitHubPerson:
    """Someone who works in one repository on GitHub."""

    def __init__(self, url: str, token: str, repository: str) -> None:
        self._http = Http("github", url, {"Authorization": f"Bearer {token}"}, explain, calls_per_second=1000)
        self._issues = f"/repos/{repository}/issues"

    async def create(self, title: str, body: str = "", labels: tuple[str, ...] = ()) -> int:
        """The new issue's number."""
        answer = await self._http.write("POST", self._issues, Body(json={"title": title, "body": body, "labels": list(labels)}))
        return cast("int", _object(answer.json())["number"])

    async def edit(self, number: int, **fields: JsonValue) -> None:
        await self._http.write("PATCH", f"{self._issues}/{number}", Body(json=dict(fields)))

    async def comment(self, number: int, text: str) -> int:
        answer = await self._http.write("POST", f"{self._issues}/{number}/comments", Body(json={"body": text}))
        return cast("int", _object(answer.json())["id"])

    async def edit_comment(self, comment: int, text: str) -> None:
        await self._http.write("PATCH", f"{self._issues}/comments/{comment}", Body(json={"body": text}))

    async def delete_comment(self, comment: int) -> None:
        await self._http.write("DELETE", f"{self._issues}/comments/{comment}")

    async def see(self, number: int) -> Fields:
        return _object((await self._http.get(f"{self._issues}/{number}")).json())

    async def see_comment(self, comment: int) -> Fields:
        return _object((await self._http.get(f"{self._issues}/comments/{comment}")).json())

    async def comments(self, number: int) -> list[str]:
        answer = await self._http.get(f"{self._issues}/{number}/comments", {"per_page": 100})
        return [str(comment["body"]) for comment in cast("list[Fields]", answer.json())]

    async def all(self) -> list[Fields]:
        """Every issue of the repository, oldest first."""
        found: list[Fields] = []
        page = 1
        while True:
            answer = await self._http.get(
                self._issues, {"state": "all", "per_page": 100, "page": page, "sort": "created", "direction": "asc"}
            )
            some = cast("list[Fields]", answer.json())
            found += some
            if len(some) < 100:
                return found
            page += 1

    async def aclose(self) -> None:
        await self._http.aclose()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
