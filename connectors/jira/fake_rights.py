"""What an account of the fake site may do: everything but what its seed says that it lacks. This is told, and
enforced of webhooks only.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/
"""

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from connectors.jira.fake_call import Call, Problem
from connectors.jira.fake_render import Object

GLOBAL = {"ADMINISTER": "Administer Jira", "USER_PICKER": "Browse users and groups", "BULK_CHANGE": "Make bulk changes"}
PROJECT = {
    "ADMINISTER_PROJECTS": "Administer Projects",
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "DELETE_ISSUES": "Delete Issues",
    "ASSIGN_ISSUES": "Assign Issues",
    "ASSIGNABLE_USER": "Assignable User",
    "LINK_ISSUES": "Link Issues",
    "SCHEDULE_ISSUES": "Schedule Issues",
    "MODIFY_REPORTER": "Modify Reporter",
    "TRANSITION_ISSUES": "Transition Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "CREATE_ATTACHMENTS": "Create Attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete Own Attachments",
    "WORK_ON_ISSUES": "Work On Issues",
    "EDIT_OWN_WORKLOGS": "Edit Own Worklogs",
    "DELETE_OWN_WORKLOGS": "Delete Own Worklogs",
}
NAMES = {**GLOBAL, **PROJECT}


async def mine(call: Call) -> Response:
    """Cloud tells of what was asked for, which has to be something; Data Center of all."""
    if call.asked("projectKey"):
        call.project(call.asked("projectKey"))
    asked = list(NAMES) if call.site.server else [one.upper() for one in call.listed("permissions")]
    unknown = [key for key in asked if key not in NAMES]
    if not asked:
        raise Problem(400, "The 'permissions' query parameter is required.")
    if unknown:
        raise Problem(400, f"Unrecognized permission(s): {', '.join(unknown)}")
    told: dict[str, JsonValue] = {key: _permission(call, key) for key in asked}
    return JSONResponse({"permissions": told})


def _permission(call: Call, key: str) -> Object:
    return {
        "id": str(list(NAMES).index(key)),
        "key": key,
        "name": NAMES[key],
        "type": "GLOBAL" if key in GLOBAL else "PROJECT",
        "description": f"Ability to: {NAMES[key]}.",
        "havePermission": call.user.lacks.isdisjoint({key, f"{call.asked('projectKey').upper()}:{key}"}),
    }
