"""How the conformance suite works with this connector and its fake."""

from collections.abc import Mapping

from connectors.github.payloads import Payload
from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from connectors.kit.webhooks import hex_signature
from model.item import ItemRef

DELETE = "mutation($input: DeleteIssueInput!) { deleteIssue(input: $input) { clientMutationId } }"


class Node(Payload):
    """What GraphQL calls an issue by."""

    node_id: str


def _path(item: ItemRef) -> str:
    repository, _, number = item.id.partition("#")
    return f"/repos/{repository}/issues/{number}"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PATCH", _path(item), {"title": summary}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("POST", f"{_path(item)}/comments", {"body": text}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    """The REST interface deletes no issues."""
    node = Node.model_validate(await hand(Call("GET", _path(item))))
    await hand(Call("POST", "/graphql", {"query": DELETE, "variables": {"input": {"issueId": node.node_id}}}))


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    return {"x-hub-signature-256": hex_signature(body, secret), "x-github-event": "issues", "x-github-delivery": "one"}


SUBJECT = Subject(
    user="twinline",
    secret="acme-bot-token",  # noqa: S106
    credentials={"token": "acme-bot-token"},
    settings={"repository": "acme/app"},
    person=Person({"Authorization": "Bearer ann-token"}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Seen **twice**"}),
        Sample({"status": {"name": "closed"}, "resolution": {"name": "not_planned"}}, on_creation=False),
        Sample({"type": {"name": "Bug"}}),
        Sample({"labels": [{"label": "bug"}, {"label": "sync"}]}),
        Sample({"milestone": "Spring"}),
        Sample({"parentId": "acme/app#1"}, on_creation=False),
        Sample({"assignee": {"username": "ann"}}, moves=frozenset({"assignees"})),
        Sample({"assignees": [{"username": "bob"}, {"username": "ann"}]}, moves=frozenset({"assignee"})),
    ),
    before=(Call("POST", "/repos/acme/app/milestones", {"title": "Spring"}),),
    statuses=("closed", "open"),
    absent="acme/app#9999",
    query=lambda word: f"{word} in:title",
    bad_query="updated:>=yesterday",
    feed_page=100,
    signed=_signed,
)
