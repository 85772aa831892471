"""Moves of issues to another project, which people make in bulk; the old key leads to the issue afterwards, too.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/
"""

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, object_in, route, texts
from connectors.jira.fake_history import log_item
from connectors.jira.fake_render import Object
from connectors.jira.fake_state import Issue, Project, Site
from connectors.kit.fake import moved


def routes(site: Site) -> list[Route]:
    if site.server:
        return []
    return [route(site, "POST", "/bulk/issues/move", move), route(site, "GET", "/bulk/queue/{task}", progress)]


async def move(call: Call) -> Response:
    """All of it is done at once; the task tells how it went."""
    wanted = [_target(call, target, sources) for target, sources in object_in(call.body, "targetToSourcesMapping").items()]
    for project, kind, issues in wanted:
        for issue in issues:
            _put(call, issue, project, kind)
    moments = int(call.site.clock.now().timestamp() * 1000)
    identities: list[int] = [int(issue.id) for _, _, issues in wanted for issue in issues]
    task = call.site.next_id()
    call.site.tasks[task] = {
        "taskId": task,
        "status": "COMPLETE",
        "progressPercent": 100,
        "submittedBy": {"accountId": call.user.account_id},
        "created": moments,
        "started": moments,
        "updated": moments,
        "totalIssueCount": len(identities),
        "processedAccessibleIssues": [*identities],
        "failedAccessibleIssues": {},
        "invalidOrInaccessibleIssueCount": 0,
    }
    return JSONResponse({"taskId": task}, 201)


async def progress(call: Call) -> Response:
    found = call.site.tasks.get(call.path("task"))
    if found is None:
        raise Problem(404, "The task does not exist.")
    return JSONResponse(found)


def _target(call: Call, target: str, sources: JsonValue) -> tuple[Project, str, list[Issue]]:
    """`target` names project and issue type, such as `SHOP,10001`."""
    key, _, kind = target.partition(",")
    project = call.project(key)
    name = next((one.name for one in call.site.types.values() if one.id == kind and one.name in project.types), None)
    if name is None:
        raise Problem(400, f"The issue type {kind!r} does not exist in project {project.key}.")
    listed = texts(sources.get("issueIdsOrKeys")) if isinstance(sources, dict) else []
    found = [call.site.issue(one) for one in listed]
    if not found or None in found:
        raise Problem(400, "The issues to move are missing, or some of them do not exist.")
    return project, name, [one for one in found if one is not None]


def _put(call: Call, issue: Issue, project: Project, kind: str) -> None:
    """Where the project has no such status, the issue gets its first one."""
    before, key, source = issue.told(), issue.key, call.site.projects[issue.project]
    call.site.old_keys[key] = issue.id
    issue.project, issue.key, issue.type = project.key, call.site.next_key(project.key), kind
    if issue.status not in project.statuses:
        issue.status = project.statuses[0]
    issue.parts = {}
    call.site.touch(issue)
    call.site.record(call.user, "move", issue.key, project=project.key, **moved(before, issue.told()))
    items: list[Object] = [
        log_item("project", (source.id, source.name), (project.id, project.name)),
        log_item("issuekey", (None, key), (None, issue.key), title="Key"),
    ]
    call.emit("jira:issue_updated", issue, issue_event_type_name="issue_moved", changelog={"id": call.site.next_id(), "items": [*items]})
