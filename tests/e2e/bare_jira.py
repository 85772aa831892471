"""Jira without any translation, for what people of the demo do not do."""

import base64
from typing import cast

from pydantic import JsonValue

from connectors.kit.http import Answer, Body, Http
from model.errors import NotFound, Refused, TwinlineError
from model.item import Fields


def _explain(answer: Answer) -> TwinlineError:
    text = f"{answer.url} answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
    return NotFound(text) if answer.status == 404 else Refused(text)


class BareJira:
    """Ann's account."""

    def __init__(self, url: str) -> None:
        basic = base64.b64encode(b"ann@acme.test:ann-token").decode()
        self._http = Http("jira", url, {"Authorization": f"Basic {basic}"}, _explain, calls_per_second=1000)

    async def create(self, project: str, fields: Fields) -> str:
        whole: Fields = {"project": {"key": project}, "issuetype": {"name": "Task"}, **fields}
        answer = await self._http.write("POST", "/rest/api/3/issue", Body(json={"fields": whole}))
        return str(cast("Fields", answer.json())["key"])

    async def field(self, key: str, name: str) -> JsonValue:
        answer = cast("Fields", (await self._http.get(f"/rest/api/3/issue/{key}")).json())
        return cast("Fields", answer["fields"])[name]

    async def delete(self, key: str) -> None:
        await self._http.write("DELETE", f"/rest/api/3/issue/{key}")

    async def move(self, key: str, project: str) -> None:
        kinds = cast("list[Fields]", (await self._http.get("/rest/api/3/issuetype")).json())
        task = next(str(one["id"]) for one in kinds if one["name"] == "Task")
        wanted: Fields = {f"{project},{task}": {"issueIdsOrKeys": [key]}}
        await self._http.write("POST", "/rest/api/3/bulk/issues/move", Body(json={"targetToSourcesMapping": wanted}))

    async def log(self, key: str) -> list[Fields]:
        """What was written to the issue, by whom."""
        state = cast("Fields", (await self._http.get("/_fake/state")).json())
        return [record for record in cast("list[Fields]", state["log"]) if record["item"] == key]

    async def aclose(self) -> None:
        await self._http.aclose()
