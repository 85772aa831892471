"""A project gets another name or key; what the old key led to, it leads to afterwards, too.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-put
"""

import re
from dataclasses import replace

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, route
from connectors.jira.fake_state import Project, Site

KEY = re.compile(r"[A-Z][A-Z0-9_]{1,9}")


def routes(site: Site) -> list[Route]:
    return [route(site, "PUT", "/project/{project}", update)]


async def update(call: Call) -> Response:
    project = call.project(call.path("project"))
    name, key = str(call.body.get("name", project.name)), str(call.body.get("key", project.key))
    if not KEY.fullmatch(key):
        raise Problem(400, errors={"projectKey": "Project keys must start with an uppercase letter."})
    if any(key in one.keys for one in call.site.projects.values() if one is not project):
        raise Problem(400, errors={"projectKey": f"Project '{key}' uses this project key."})
    former = tuple(one for one in project.keys if one != key)
    return JSONResponse(call.view.whole_project(_renamed(call.site, project, replace(project, name=name, key=key, former=former))))


def _renamed(site: Site, before: Project, after: Project) -> Project:
    """Issues keep their numbers, and when they were last changed."""
    site.projects = {one.key: one for one in (after if one is before else one for one in site.projects.values())}
    site.continue_numbers(before.key, after.key)
    for issue in site.issues.values():
        if issue.project == before.key:
            site.old_keys[issue.key] = issue.id
            issue.project, issue.key = after.key, f"{after.key}-{issue.key.rpartition('-')[2]}"
            site.store(issue)
    return after
