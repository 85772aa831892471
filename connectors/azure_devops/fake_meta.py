"""What the fake organization tells of itself: projects, types, fields, people, and where its resources are."""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, enumerated, listed
from connectors.azure_devops.fake_process import FIELDS, RELATIONS, FieldDefinition, TypeDefinition
from connectors.azure_devops.fake_state import Object, Project, User

MIDNIGHT = "2031-01-01T00:00:00Z"
TYPE = "wit/workitemtypes/{type}"
LEVELS = ("none", "allowedvalues", "dependentfields", "all")


def resources() -> list[Resource]:
    return [
        Resource("GET", "projects", projects),
        Resource("GET", "projects/{id}", project),
        Resource("GET", "connectionData", connection_data, preview=True),
        Resource("GET", "identities", identities),
        Resource("GET", "wit/fields", fields),
        Resource("GET", "wit/fields/{field}", field),
        Resource("GET", "wit/workitemtypes", types, scoped=True),
        Resource("GET", TYPE, kind, scoped=True),
        Resource("GET", TYPE + "/states", states, scoped=True),
        Resource("GET", TYPE + "/fields", type_fields, scoped=True),
        Resource("GET", TYPE + "/fields/{field}", type_field, scoped=True),
        Resource("GET", "wit/workitemrelationtypes", relation_types),
        Resource("GET", "wit/workitemrelationtypes/{relation}", relation_type),
    ]


def _project(call: Call, one: Project) -> Object:
    return {
        "id": one.id,
        "name": one.name,
        "url": f"{call.base}/_apis/projects/{one.id}",
        "state": "wellFormed",
        "revision": 11,
        "visibility": "private",
        "lastUpdateTime": MIDNIGHT,
    }


async def projects(call: Call) -> Response:
    top = call.number("$top", 100, 1000)
    return listed([_project(call, one) for one in call.organization.projects[:top]])


async def project(call: Call) -> Response:
    found = call.organization.project(call.values["id"])
    if found is None:
        raise no_project(call.values["id"])
    return answer({**_project(call, found), "capabilities": {"processTemplate": {"templateName": found.process}}})


def no_project(name: str) -> Problem:
    message = f"TF200016: The following project does not exist: {name}. Verify the name of the project."
    return Problem(404, "ProjectDoesNotExistWithNameException", message, space="Core.WebApi")


def _identity(one: User) -> Object:
    def text(value: str) -> Object:
        return {"$type": "System.String", "$value": value}

    return {
        "id": one.id,
        "descriptor": f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{one.email}",
        "subjectDescriptor": f"aad.{one.id}",
        "providerDisplayName": one.display_name,
        "isActive": True,
        "members": [],
        "memberOf": [],
        "memberIds": [],
        "properties": {"SchemaClassName": text("User"), "Account": text(one.email), "Mail": text(one.email)},
        "resourceVersion": 2,
        "metaTypeId": 0,
    }


async def connection_data(call: Call) -> Response:
    me = _identity(call.user)
    return answer(
        {"authenticatedUser": me, "authorizedUser": me, "instanceId": call.organization.projects[0].id, "deploymentType": "hosted"}
    )


async def identities(call: Call) -> Response:
    """By `identityIds`, or by `searchFilter` and `filterValue`."""
    call.require_scope("vso.identity")
    users = call.organization.users
    if ids := call.asked("identityIds"):
        wanted = [one.strip() for one in ids.split(",")]
        return listed([next((_identity(one) for one in users if one.id == name), None) for name in wanted])
    value = call.asked("filterValue").casefold()
    match call.asked("searchFilter").casefold():
        case "general":
            found = [
                one for one in users if value in {one.email.casefold(), one.display_name.casefold(), one.email.partition("@")[0].casefold()}
            ]
        case "mailaddress" | "accountname":
            found = [one for one in users if value == one.email.casefold()]
        case "displayname":
            found = [one for one in users if value == one.display_name.casefold()]
        case other:
            raise bad_parameter(f"The value '{other}' of the query parameter searchFilter is not known.")
    return listed([_identity(one) for one in found])


def _reference(call: Call, one: FieldDefinition) -> Object:
    return {"referenceName": one.reference, "name": one.name, "url": f"{call.base}/_apis/wit/fields/{one.reference}"}


def _field(call: Call, one: FieldDefinition) -> Object:
    return {
        **_reference(call, one),
        "type": one.type,
        "usage": "workItem",
        "readOnly": one.read_only,
        "canSortBy": one.type not in {"html", "history"},
        "isQueryable": True,
        "supportedOperations": [{"referenceName": "SupportedOperations.Equals", "name": "="}],
        "isIdentity": one.identity,
        "isPicklist": bool(one.options),
        "isPicklistSuggested": False,
    }


async def fields(call: Call) -> Response:
    return listed([_field(call, one) for one in FIELDS.values()])


def _definition(call: Call) -> FieldDefinition:
    wanted = call.values["field"].casefold()
    found = next((one for one in FIELDS.values() if wanted in {one.reference.casefold(), one.name.casefold()}), None)
    if found is None:
        message = f"TF51535: Cannot find field {call.values['field']}."
        raise Problem(404, "WorkItemTrackingFieldDefinitionNotFoundException", message)
    return found


async def field(call: Call) -> Response:
    return answer(_field(call, _definition(call)))


def _of_type(call: Call, kind: TypeDefinition, one: FieldDefinition, *, values: bool) -> Object:
    required = one.reference in {"System.Title", "System.State", "System.AreaPath", "System.IterationPath"}
    shown: Object = {**_reference(call, one), "alwaysRequired": required, "dependentFields": []}
    if not values:
        return shown
    allowed = list(kind.allowed.get(one.reference, ()))
    if one.reference == "System.State":
        allowed = list[JsonValue]([state.name for state in kind.states])
    return {**shown, "defaultValue": kind.defaults.get(one.reference), "allowedValues": allowed}


def _kind(call: Call) -> TypeDefinition:
    found = call.scope().type(call.values["type"])
    if found is None:
        message = f"VS402323: Work item type {call.values['type']} does not exist in project {call.scope().name}."
        raise Problem(404, "WorkItemTypeNotFoundException", message)
    return found


def _type(call: Call, one: TypeDefinition) -> Object:
    instances: list[JsonValue] = [_of_type(call, one, FIELDS[name], values=False) for name in one.fields]
    names = [state.name for state in one.states]
    moves: Object = {name: [{"to": other} for other in names if other != name] for name in names}
    return {
        "name": one.name,
        "referenceName": one.reference,
        "description": one.name,
        "color": "CC293D",
        "icon": {"id": "icon_clipboard", "url": f"{call.base}/_apis/wit/workItemIcons/icon_clipboard"},
        "isDisabled": False,
        "xmlForm": "",
        "fields": instances,
        "fieldInstances": instances,
        "transitions": {"": [{"to": one.initial}], **moves},
        "states": _states(one),
        "url": f"{call.base}/{call.scope().id}/_apis/wit/workItemTypes/{one.name}",
    }


def _states(one: TypeDefinition) -> list[JsonValue]:
    return [{"name": state.name, "color": state.color, "category": state.category} for state in one.states]


async def types(call: Call) -> Response:
    return listed([_type(call, one) for one in call.scope().types])


async def kind(call: Call) -> Response:
    return answer(_type(call, _kind(call)))


async def states(call: Call) -> Response:
    return listed(_states(_kind(call)))


async def type_fields(call: Call) -> Response:
    found, values = _kind(call), enumerated(call.asked("$expand"), LEVELS) in {"allowedvalues", "all"}
    return listed([_of_type(call, found, FIELDS[name], values=values) for name in found.fields])


async def type_field(call: Call) -> Response:
    found, definition = _kind(call), _definition(call)
    if definition.reference not in found.fields:
        message = f"TF51535: Cannot find field {call.values['field']}."
        raise Problem(404, "WorkItemTrackingFieldDefinitionNotFoundException", message)
    return answer(_of_type(call, found, definition, values=enumerated(call.asked("$expand"), LEVELS) in {"allowedvalues", "all"}))


def _relation_type(call: Call, name: str) -> Object:
    title, usage = RELATIONS[name]
    return {
        "referenceName": name,
        "name": title,
        "attributes": {"usage": usage, "enabled": True},
        "url": f"{call.base}/_apis/wit/workItemRelationTypes/{name}",
    }


async def relation_types(call: Call) -> Response:
    return listed([_relation_type(call, name) for name in RELATIONS])


async def relation_type(call: Call) -> Response:
    wanted = call.values["relation"].casefold()
    found = next((name for name in RELATIONS if name.casefold() == wanted), None)
    if found is None:
        message = f"VS403328: The relation type '{call.values['relation']}' is not known."
        raise Problem(404, "WorkItemLinkTypeNotFoundException", message)
    return answer(_relation_type(call, found))
