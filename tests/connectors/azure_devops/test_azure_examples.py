"""Microsoft's own examples of answers are understood, and the fake's service hooks look like recorded ones."""

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import pytest
from azure_site import running
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.azure_devops import mapping
from connectors.azure_devops.payloads import CommentPayload, RevisionBatch, TypeFieldPayload, Types, Updates, WorkItemPayload, WorkItems
from connectors.kit.fake import serving

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "azure-devops"
EXAMPLES = PAYLOADS / "httpExamples"

pytestmark = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the recorded payloads are not beside this checkout")


def _answer(path: str) -> Any:
    responses = cast("dict[str, Any]", json.loads((EXAMPLES / path).read_text()))["responses"]
    return responses["200"]["body"]


@pytest.mark.parametrize(
    ("pattern", "model", "least"),
    [
        ("workItems/GET__wit_WorkItems_id[ .]*json", WorkItemPayload, 2),
        ("workItems/PATCH__*.json", WorkItemPayload, 10),
        ("workItems/POST__*.json", WorkItemPayload, 1),
        ("workItems/GET__wit_WorkItems_ids-_ids_*.json", WorkItems, 5),
        ("workItemsBatch/*.json", WorkItems, 1),
        ("updates/GET__list*.json", Updates, 2),
        ("workItemRevisions/*.json", RevisionBatch, 2),
        ("comments/P*.json", CommentPayload, 2),
        ("workItemTypesField/GET__workItemType_field[_.]*json", TypeFieldPayload, 2),
    ],
)
def test_examples_are_understood(pattern: str, model: type[BaseModel], least: int) -> None:
    parsed = [model.model_validate(_answer(str(path.relative_to(EXAMPLES)))) for path in EXAMPLES.glob(pattern)]
    assert len(parsed) >= least


def test_an_example_becomes_an_item() -> None:
    item = WorkItemPayload.model_validate(_answer("workItems/POST__wit_workitems_create.json"))
    fields = mapping.hub_fields(item, mapping.Kind())
    author = cast("dict[str, Any]", fields["reporter"])
    assert (item.id, fields["summary"], fields["priority"]) == (131489, "Sample task", {"name": "2", "id": "2"})
    assert (author["email"], fields["created"]) == ("fabrikamfiber4@hotmail.com", 1507251891570)


def test_types_come_with_their_states() -> None:
    states = _answer("workItemTypeStates/GET__workitem_type_states.json")["value"]
    types = Types.model_validate({"value": [{"name": "Bug", "referenceName": "Bug", "fields": None, "states": states}]})
    assert [one.category for one in types.value[0].states] == ["Proposed", "InProgress", "InProgress", "Resolved", "Completed"]


async def test_the_fakes_service_hooks_have_what_recorded_ones_have() -> None:
    calls: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(request: Request) -> Response:
        calls.put_nowait(await request.json())
        return Response(None, 202)

    async with serving(Starlette(routes=[Route("/hook", receive, methods=["POST"])])) as hook, running(hook=f"{hook}/hook") as site:
        await site.comment("ann", 1, "<div>Hello</div>")
        sent = {one["eventType"].partition(".")[2]: one for one in [await asyncio.wait_for(calls.get(), 10) for _ in range(2)]}
        await site.delete("ann", 1)
        deleted = await asyncio.wait_for(calls.get(), 10)
    for kind, event in {**sent, "deleted": deleted}.items():
        recorded = json.loads((PAYLOADS / "webhooks" / f"workitem.{kind}.json").read_text())
        assert event.keys() == recorded.keys()
        assert recorded["resource"].keys() - event["resource"].keys() == set()
        assert {name: type(value) for name, value in event["resource"].items() if name in {"id", "rev", "workItemId"}} == {
            name: type(value) for name, value in recorded["resource"].items() if name in {"id", "rev", "workItemId"}
        }
