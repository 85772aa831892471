"""Where resources are, which the vendor's own clients ask for first: `OPTIONS _apis` and `_apis/ResourceAreas`.

https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls
"""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Resource, answer, listed
from connectors.azure_devops.fake_state import Object

WORK = "{project}/_apis/{area}/{resource}"
WORK_ITEMS = "{project}/_apis/{area}/workItems"
DISCUSSIONS = "{project}/_apis/{area}/reporting/workItemRevisions/discussions"
VERSIONS = WORK_ITEMS + "/{workItemId}/comments/{commentId}/versions/{version}"
TYPES = "{project}/_apis/{area}/workItemTypes/{type}"
TEAM = "{project}/{team}/_apis/{area}"
ITERATION = TEAM + "/teamsettings/iterations/{iterationId}/{resource}"
BOARD = TEAM + "/boards/{board}/{resource}"
REACTIONS = WORK_ITEMS + "/{workItemId}/comments/{commentId}/{resource}/{reactionType}"
CORE, TRACKING, HOOKS, PLANNING, PEOPLE = (
    "79134c72-4a58-4b42-976c-04e7115f32bf",
    "5264459e-e5e0-4bd8-b118-0985e68a4ec5",
    "b5f3f3e0-0000-4000-8000-000000000001",
    "1d4f49f9-02b9-4e26-b826-2cdb6195f2a9",
    "8a3d49b8-91f0-46ef-b33d-dda338c25db3",
)
AREAS = {CORE: "core", TRACKING: "wit", HOOKS: "hooks", PLANNING: "work", PEOPLE: "IMS"}

_TABLE = (
    ("e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas", "_apis/{resource}/{areaId}", "0.0", 1),
    ("00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location", "ConnectionData", "_apis/{resource}", "0.0", 1),
    ("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects", "_apis/{resource}/{*projectId}", "7.1", 4),
    ("b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94", "wit", "fields", WORK + "/{fieldNameOrRefName}", "7.1", 3),
    ("7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa", "wit", "workItemTypes", WORK + "/{type}", "7.1", 2),
    ("7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa", "wit", "states", TYPES + "/{resource}", "7.1", 1),
    ("bd293ce5-3d25-4192-8e67-e8092e879efb", "wit", "fields", TYPES + "/{resource}/{field}", "7.1", 3),
    ("f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165", "wit", "workItemRelationTypes", "_apis/{area}/{resource}/{relation}", "7.1", 2),
    ("72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", "wit", "workItems", WORK + "/{id}", "7.1", 3),
    ("62d3d110-0047-428c-ad3c-4fe872c91c74", "wit", "workItems", WORK + "/${type}", "7.1", 3),
    ("908509b6-4248-4475-a1cd-829139ba419f", "wit", "workItemsBatch", WORK, "7.1", 1),
    ("6570bf97-d02c-4a91-8d93-3abe9895b1a9", "wit", "updates", WORK_ITEMS + "/{id}/{resource}/{updateNumber}", "7.1", 4),
    ("a00c85a5-80fa-4565-99c3-bcd2181434bb", "wit", "revisions", WORK_ITEMS + "/{id}/{resource}/{revisionNumber}", "7.1", 3),
    ("608aac0a-32e1-4493-a863-b9cf4566d257", "wit", "comments", WORK_ITEMS + "/{workItemId}/{resource}/{commentId}", "0.0", 4),
    ("e07b5fa4-1499-494d-a496-64b860fd64ff", "wit", "attachments", WORK + "/{id}", "7.1", 4),
    ("b70d8d39-926c-465e-b927-b1bf0e5ca0e0", "wit", "recyclebin", WORK + "/{id}", "7.1", 3),
    ("1a9c53f7-f243-4447-b110-35ef023636e4", "wit", "wiql", "{project}/{team}/_apis/{area}/{resource}", "7.1", 2),
    ("f828fe59-dd87-495d-a17c-7a8d6211ca6c", "wit", "workItemRevisions", "{project}/_apis/{area}/reporting/{resource}", "7.1", 2),
    ("a70579d1-f53a-48ee-a5be-7be8659023b9", "wit", "classificationNodes", WORK, "7.1", 2),
    ("5a172953-1b41-49d3-840a-33f79c3ce89f", "wit", "classificationNodes", WORK + "/{structureGroup}/{*path}", "7.1", 2),
    ("a67d190c-c41f-424b-814d-0e906f659301", "wit", "queries", WORK + "/{*query}", "7.1", 2),
    ("a02355f5-5f8a-4671-8e32-369d23aac83d", "wit", "wiql", "{project}/{team}/_apis/{area}/{resource}/{id}", "7.1", 2),
    ("49e03b34-3be0-42e3-8a5d-e8dfb88ac954", "wit", "commentsVersions", VERSIONS, "0.0", 1),
    ("bc15bc60-e7a8-43cb-ab01-2106be3983a1", "wit", "tags", WORK + "/{tagIdOrName}", "0.0", 1),
    ("9b9f5734-36c8-415e-ba67-f83b45c31408", "wit", "workItemTypeCategories", WORK + "/{category}", "7.1", 2),
    ("afae844b-e2f6-44c2-8053-17b3bb936a40", "wit", "workItemTransitions", "_apis/{area}/{resource}", "7.1", 1),
    ("4a644469-90c5-4fcc-9a9f-be0827d369ec", "wit", "workItemRevisionsDiscussions", DISCUSSIONS, "0.0", 1),
    ("d30a3dd1-f8ba-442a-b86a-bd0c0c383e59", "core", "teams", "_apis/projects/{projectId}/{resource}/{*teamId}", "7.1", 3),
    ("7a4d9ee9-3433-4347-b47a-7a80f1cf307e", "core", "teams", "_apis/{resource}", "0.0", 3),
    ("294c494c-2600-4d7e-b76c-3dd50c3c95be", "core", "members", "_apis/projects/{projectId}/teams/{teamId}/{resource}", "7.1", 2),
    ("f6cb3f27-1028-4851-af96-887e570dc21f", "wit", "reactions", REACTIONS, "0.0", 1),
    ("c3c1012b-bea7-49d7-b45e-1664e566f84c", "work", "teamsettings", TEAM + "/{resource}", "7.1", 1),
    ("07ced576-58ed-49e6-9c1e-5cb53ab8bf2a", "work", "teamfieldvalues", TEAM + "/teamsettings/{resource}", "7.1", 1),
    ("c9175577-28a1-4b06-9197-8636af9f64ad", "work", "iterations", TEAM + "/teamsettings/{resource}/{id}", "7.1", 1),
    ("5b3ef1a6-d3ab-44cd-bafd-c7f45db850fa", "work", "workitems", ITERATION, "7.1", 1),
    ("74412d15-8c1a-4352-a48d-ef1ed5587d57", "work", "capacities", ITERATION + "/{teamMemberId}", "7.1", 3),
    ("a93726f9-7867-4e38-b4f2-0bfafc2f6a94", "work", "backlogs", TEAM + "/{resource}/{id}", "7.1", 1),
    ("7c468d96-ab1d-4294-a360-92f07e9ccd98", "work", "workItems", TEAM + "/backlogs/{backlogId}/{resource}", "7.1", 1),
    ("23ad19fc-3b8e-4877-8462-b3f92bc06b40", "work", "boards", TEAM + "/{resource}/{id}", "7.1", 1),
    ("c555d7ff-84e1-47df-9923-a3fe0cd8751b", "work", "columns", BOARD, "7.1", 1),
    ("0863355d-aefd-4d63-8669-984c9b7b0e78", "work", "rows", BOARD, "7.1", 1),
    ("f901ba42-86d2-4b0c-89c1-3f86d06daa84", "work", "processconfiguration", "{project}/_apis/{area}/{resource}", "7.1", 1),
    ("e33ca5e0-2349-4285-af3d-d72d86781c35", "wit", "users", REACTIONS.replace("{resource}", "reactions") + "/{resource}", "0.0", 1),
    ("93878975-88c5-4e6a-8abb-7ddd77a8a7d8", "core", "processes", "_apis/process/{resource}/{processId}", "7.1", 1),
    ("4976a71a-4487-49aa-8aab-a1eda469037a", "core", "properties", "_apis/projects/{projectId}/{resource}", "0.0", 1),
    ("6a90345f-a676-4969-afce-8e163e1d5642", "wit", "templates", TEAM + "/{resource}", "7.1", 1),
    ("a9a9aa7a-8c09-44d3-ad1b-46e855c1e3d3", "wit", "artifactUriQuery", WORK, "7.1", 1),
    ("28010c54-d0c0-4c89-a5b0-1c9e188b9fb7", "IMS", "Identities", "_apis/{resource}/{identityId}", "7.1", 1),
    ("fc50d02a-849f-41fb-8af1-0a5216103269", "hooks", "subscriptions", "_apis/{area}/{resource}/{subscriptionId}", "7.1", 1),
)


def resources() -> list[Resource]:
    return [
        Resource("OPTIONS", "", locations),
        Resource("OPTIONS", "{area}", locations),
        Resource("GET", "ResourceAreas", areas),
        Resource("GET", "ResourceAreas/{area}", one_area),
    ]


async def locations(call: Call) -> Response:
    """Of all areas, or of the one in the path, which is what the client for Node asks for."""
    wanted = call.values.get("area", "").casefold()
    found: list[JsonValue] = [
        {
            "id": identity,
            "area": area,
            "resourceName": name,
            "routeTemplate": template,
            "resourceVersion": version,
            "minVersion": "1.0",
            "maxVersion": "7.1",
            "releasedVersion": released,
        }
        for identity, area, name, template, released, version in _TABLE
        if wanted in {"", area.casefold()}
    ]
    return listed(found)


def _area(call: Call, identity: str) -> Object:
    return {"id": identity, "name": AREAS[identity], "locationUrl": f"{call.base}/"}


async def areas(call: Call) -> Response:
    return listed([_area(call, identity) for identity in AREAS])


async def one_area(call: Call) -> Response:
    """Of an area that is not here Azure DevOps answers nothing, and with 200."""
    identity = call.values["area"].casefold()
    return answer(_area(call, identity) if identity in AREAS else None)
