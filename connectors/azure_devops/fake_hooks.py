"""The fake organization's service hooks, delivered without a signature, with basic authentication or headers of the subscription.

https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks
"""

import base64
import json
import uuid
from datetime import UTC, datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, listed
from connectors.azure_devops.fake_render import View, person, when
from connectors.azure_devops.fake_state import Object, Organization, Subscription, WorkItem

EVENTS = ("workitem.created", "workitem.updated", "workitem.commented", "workitem.deleted", "workitem.restored")
MASK = "********"
SECRETS = ("basicAuthPassword",)
VERBS = {"created": "created", "updated": "updated", "commented": "commented on", "deleted": "deleted", "restored": "restored"}


def resources() -> list[Resource]:
    return [
        Resource("GET POST", "hooks/subscriptions", subscriptions),
        Resource("GET PUT DELETE", "hooks/subscriptions/{id}", subscription),
    ]


def subscribe(organization: Organization, url: str, secret: str) -> None:
    """All events of all projects, with the secret as the password."""
    for event in EVENTS:
        consumer: Object = {"url": url, "basicAuthUsername": "twinline", "basicAuthPassword": secret, "resourceDetailsToSend": "all"}
        made = Subscription(str(uuid.uuid4()), event, "", {"projectId": ""}, consumer)
        organization.subscriptions[made.id] = made


def emit(call: Call, event: str, item: WorkItem) -> None:
    """Send the event to every subscription that wants it, unless the caller asked for silence."""
    if call.says("suppressNotifications"):
        return
    organization = call.organization
    project = organization.project(item.project)
    for one in organization.subscriptions.values():
        if one.event == event and one.status == "enabled" and one.project in {"", project.id if project else ""}:
            one.sent += 1
            body = json.dumps(_event(call, one, item)).encode()
            organization.webhooks.send(str(one.consumer["url"]), body, _headers(one), retried=True)


def _headers(one: Subscription) -> dict[str, str]:
    own = dict(line.split(":", 1) for line in str(one.consumer.get("httpHeaders") or "").splitlines() if ":" in line)
    headers = {"Content-Type": "application/json; charset=utf-8", **{name.strip(): value.strip() for name, value in own.items()}}
    if password := one.consumer.get("basicAuthPassword"):
        login = f"{one.consumer.get('basicAuthUsername', '')}:{password}"
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    return headers


def _event(call: Call, one: Subscription, item: WorkItem) -> JsonValue:
    verb = VERBS[one.event.partition(".")[2]]
    text = f"{item.type} #{item.id} ({item.now.fields['System.Title']}) {verb} by {call.user.display_name}"
    message: Object = {"text": text, "html": text, "markdown": text}
    project = call.organization.project(item.project)
    return {
        "subscriptionId": one.id,
        "notificationId": one.sent,
        "id": str(uuid.uuid4()),
        "eventType": one.event,
        "publisherId": "tfs",
        "message": message,
        "detailedMessage": message,
        "resource": _resource(call, one.event, item),
        "resourceVersion": "1.0",
        "resourceContainers": {"project": {"id": project.id if project else "", "baseUrl": f"{call.base}/"}},
        "createdDate": when(datetime.now(UTC)),
    }


def _resource(call: Call, event: str, item: WorkItem) -> JsonValue:
    """Of an update the `id` is its number; people are texts, and the restored and deleted ones are told by the recycle bin."""
    view = View(call.organization, call.base)
    fields = view.fields(item, item.now, combined=True)
    shown: Object = {name: value for name, value in fields.items() if name not in {"System.Id", "System.Rev"}}
    whole: Object = {"id": item.id, "rev": item.now.rev, "fields": shown, "_links": view.links(item), "url": view.item_url(item)}
    match event:
        case "workitem.updated":
            update = view.update(item, len(item.revisions) - 1)
            links: Object = {name: link for name, link in view.links(item).items() if name in {"workItemUpdates", "html"}}
            links = {"self": {"href": update["url"]}, "parent": {"href": view.item_url(item)}, **links}
            by: Object = {**person(call.user, call.base), "name": call.user.combined}
            return {**update, "revisedBy": by, "_links": links, "revision": whole}
        case "workitem.commented":
            return {
                **whole,
                "fields": {**shown, "System.History": item.comments[-1].text},
                "commentVersionRef": view.comment_ref(item, item.now),
            }
        case _:
            return whole


async def subscriptions(call: Call) -> Response:
    if call.request.method == "GET":
        return listed([_shown(call, one) for one in call.organization.subscriptions.values()])
    _require_administrator(call)
    made = _parsed(call, str(uuid.uuid4()))
    call.organization.subscriptions[made.id] = made
    return answer(_shown(call, made))


def _require_administrator(call: Call) -> None:
    if "EditSubscriptions" in call.user.lacks:
        raise Problem(403, "AccessCheckException", "Access denied: the user needs Edit permission on subscriptions.", space="ServiceHooks")


def _parsed(call: Call, identity: str) -> Subscription:
    publisher, consumer = call.body.get("publisherInputs"), call.body.get("consumerInputs")
    event = str(call.body.get("eventType"))
    if event not in EVENTS or not isinstance(consumer, dict) or not consumer.get("url"):
        raise bad_parameter("A subscription needs an event type that is known and the url of its consumer.")
    inputs = publisher if isinstance(publisher, dict) else {}
    return Subscription(identity, event, str(inputs.get("projectId") or ""), inputs, consumer, str(call.body.get("status") or "enabled"))


async def subscription(call: Call) -> Response:
    found = call.organization.subscriptions.get(call.values["id"])
    if found is None:
        raise Problem(404, "SubscriptionNotFoundException", f"Subscription {call.values['id']} was not found.", space="ServiceHooks")
    if call.request.method != "GET":
        _require_administrator(call)
    if call.request.method == "DELETE":
        del call.organization.subscriptions[found.id]
        return Response(status_code=204)
    if call.request.method == "PUT":
        found = _parsed(call, found.id)
        call.organization.subscriptions[found.id] = found
    return answer(_shown(call, found))


def _shown(call: Call, one: Subscription) -> Object:
    """Secrets are masked."""
    consumer: Object = {name: MASK if name in SECRETS else value for name, value in one.consumer.items()}
    return {
        "id": one.id,
        "url": f"{call.base}/_apis/hooks/subscriptions/{one.id}",
        "status": one.status,
        "publisherId": "tfs",
        "eventType": one.event,
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": one.publisher,
        "consumerInputs": consumer,
    }
