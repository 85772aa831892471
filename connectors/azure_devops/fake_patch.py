"""JSON Patch documents for work items, and the rules of the process.

https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update?view=azure-devops-rest-7.1
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from pydantic import JsonValue

from connectors.azure_devops.fake_call import Call, Problem, bad_parameter
from connectors.azure_devops.fake_process import FIELDS, RELATIONS, FieldDefinition, TypeDefinition
from connectors.azure_devops.fake_state import Object, Project, Relation, WorkItem

LONGEST_TITLE = 255
ORIGINS = ("System.CreatedBy", "System.CreatedDate")
"""What of an item's origin may be told otherwise where rules are bypassed."""
MOST_TAGS = 100
_RELATION_IDS = count(1_000_001)
_UNSAFE = re.compile(r"<(script|style|iframe|object)\b.*?</\1\s*>|<!--.*?-->|\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE | re.DOTALL)
_TARGET = re.compile(r"/workItems/(\d+)$", re.IGNORECASE)
_FILE = re.compile(r"/attachments/([0-9a-f-]{36})", re.IGNORECASE)
_INDEX = re.compile(r"/relations/(\d+)")


@dataclass
class Draft:
    """What an item becomes; `history` is the text of a comment that is added with it."""

    project: Project
    type: TypeDefinition
    fields: Object
    relations: list[Relation]
    formats: dict[str, str]
    history: str | None = None
    touched: set[str] = field(default_factory=set[str])


def sanitised(html: str) -> str:
    """What the server keeps of HTML."""
    return _UNSAFE.sub("", html)


def rule_error(definition: FieldDefinition, codes: str, message: str = "") -> Problem:
    text = message or f"TF401320: Rule Error for field {definition.name}. Error code: {codes}."
    told: Object = {"fieldReferenceName": definition.reference, "fieldStatusFlags": codes, "errorMessage": text, "fieldStatusCode": 524289}
    properties: Object = {"FieldReferenceName": definition.reference, "FieldStatusFlags": codes, "ErrorMessage": text}
    return Problem(400, "RuleValidationException", text, {**properties, "RuleValidationErrors": [told]})


def apply(call: Call, draft: Draft, item: WorkItem | None) -> None:
    """Carry out the document that was sent, whole or not at all."""
    if not isinstance(call.payload, list) or not call.payload:
        raise bad_parameter("You must pass a valid patch document in the body of the request.")
    for operation in call.payload:
        if not isinstance(operation, dict):
            raise bad_parameter("You must pass a valid patch document in the body of the request.")
        _carry_out(call, draft, item, str(operation.get("op")).casefold(), str(operation.get("path")), operation.get("value"))


def _carry_out(call: Call, draft: Draft, item: WorkItem | None, op: str, path: str, value: JsonValue) -> None:
    if op not in {"add", "replace", "remove", "test"}:
        raise Problem(400, "PatchOperationFailedException", f"The patch operation '{op}' is not supported.")
    if path.casefold() == "/rev":
        if op != "test" or item is None or value != item.now.rev:
            message = "VS403351: Test Operation for path /rev failed. The work item has been changed by someone else."
            raise Problem(412, "TestPatchOperationFailedException", message)
        return
    parts = path.strip("/").split("/", 1)
    name = parts[1] if len(parts) == 2 else ""
    match parts[0].casefold():
        case "fields":
            _field(call, draft, op, name, value)
        case "relations":
            _relation(call, draft, item, op, path, value)
        case "multilinefieldsformat":
            _format(draft, name, value)
        case _:
            raise Problem(400, "InvalidPatchFieldNameException", f"The path '{path}' is not valid for the patch operation.")


def _format(draft: Draft, name: str, value: JsonValue) -> None:
    """A field that became Markdown stays it."""
    wanted = str(value).casefold()
    if wanted not in {"html", "markdown"}:
        raise bad_parameter(f"The format '{value}' is not known.")
    if draft.formats.get(name) == "markdown" and wanted == "html":
        raise Problem(400, "InvalidOperationException", f"The field {name} cannot be changed back to HTML.")
    draft.formats[name] = wanted


def _field(call: Call, draft: Draft, op: str, name: str, value: JsonValue) -> None:
    definition = next((one for one in FIELDS.values() if name.casefold() in {one.reference.casefold(), one.name.casefold()}), None)
    if definition is None or (definition.reference not in draft.type.fields):
        raise Problem(400, "WorkItemTrackingFieldDefinitionNotFoundException", f"TF51535: Cannot find field {name}.")
    if op == "test":
        if draft.fields.get(definition.reference) != value:
            raise Problem(412, "TestPatchOperationFailedException", f"VS403351: Test Operation for path /fields/{name} failed.")
        return
    if definition.reference in ORIGINS and call.says("bypassRules"):
        draft.fields[definition.reference] = _stored(call, draft, definition, op, value)
        return
    if definition.read_only:
        raise rule_error(definition, "ReadOnly", f"TF401326: Invalid field status 'ReadOnly' for field '{definition.reference}'.")
    draft.touched.add(definition.reference)
    if definition.reference == "System.History":
        draft.history = sanitised(str(value or "")) or None
        return
    stored = None if op == "remove" or value is None or value == "" else _stored(call, draft, definition, op, value)
    if stored is None:
        draft.fields.pop(definition.reference, None)
    else:
        draft.fields[definition.reference] = stored


def _stored(call: Call, draft: Draft, definition: FieldDefinition, op: str, value: JsonValue) -> JsonValue:
    if definition.identity:
        return _person(call, definition, value)
    if definition.reference == "System.Tags":
        return _tags(call, str(value), str(draft.fields.get("System.Tags", "")) if op == "add" else "")
    if definition.reference == "System.WorkItemType":
        found = draft.project.type(str(value))
        if found is None:
            raise rule_error(definition, "LimitedToValues, InvalidListValue")
        draft.type = found
        return found.name
    group = "areas" if definition.reference == "System.AreaPath" else "iterations"
    if definition.type == "treePath" and str(value) not in call.organization.nodes_of(group):
        message = f"TF401347: Invalid tree name given for work item, field '{definition.reference}'."
        raise Problem(400, "WorkItemFieldInvalidTreeNameException", message, {"FieldReferenceName": definition.reference})
    return _typed(definition, value)


def _typed(definition: FieldDefinition, value: JsonValue) -> JsonValue:
    invalid = rule_error(definition, "InvalidType", f"TF401326: Invalid field status 'InvalidType' for field '{definition.reference}'.")
    match definition.type:
        case "integer" | "double":
            try:
                number = float(str(value)) if not isinstance(value, bool) else None
            except ValueError:
                number = None
            if number is None or (definition.type == "integer" and number != int(number)):
                raise invalid
            return int(number) if definition.type == "integer" else number
        case "boolean":
            if str(value).casefold() not in {"true", "false"}:
                raise invalid
            return str(value).casefold() == "true"
        case "dateTime":
            try:
                at = datetime.fromisoformat(str(value))
            except ValueError:
                raise invalid from None
            text = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
            return re.sub(r"\.?0*(?=\+00:00$)", "", text).replace("+00:00", "Z") if "." in text else text
        case "html":
            return sanitised(str(value))
        case _:
            text = str(value).strip()
            if definition.reference == "System.Title" and len(text) > LONGEST_TITLE:
                raise rule_error(definition, "InvalidTooLong")
            return text


def _person(call: Call, definition: FieldDefinition, value: JsonValue) -> str:
    told = value.get("uniqueName") or value.get("displayName") if isinstance(value, dict) else value
    found = call.organization.user_named(str(told))
    if found is None:
        message = f"The identity value '{told}' for field '{definition.name}' is an unknown identity."
        raise rule_error(definition, "InvalidIdentity", message)
    return found.name


def _tags(call: Call, text: str, before: str) -> str:
    """Tags have no case: the first spelling of the organization stays."""
    found: dict[str, str] = {}
    for one in re.split(r"[;,]", f"{before};{text}"):
        name = one.strip()
        if name:
            found[name.casefold()] = call.organization.tags.setdefault(name.casefold(), name)
    if len(found) > MOST_TAGS:
        raise Problem(400, "WorkItemTagLimitExceededException", f"VS403342: A work item cannot have more than {MOST_TAGS} tags.")
    return "; ".join(sorted(found.values(), key=str.casefold))


def _relation(call: Call, draft: Draft, item: WorkItem | None, op: str, path: str, value: JsonValue) -> None:
    index = _INDEX.fullmatch(path)
    if op == "remove" and index:
        if int(index[1]) >= len(draft.relations):
            raise Problem(400, "PatchOperationFailedException", f"The index of the path '{path}' is out of range.")
        del draft.relations[int(index[1])]
    elif op == "add" and path == "/relations/-" and isinstance(value, dict):
        draft.relations.append(_link(call, draft, item, value))
    else:
        raise Problem(400, "PatchOperationFailedException", f"The operation {op} is not valid for the path '{path}'.")


def _link(call: Call, draft: Draft, item: WorkItem | None, value: Object) -> Relation:
    rel, url = str(value.get("rel")), str(value.get("url"))
    attributes = value.get("attributes")
    comment = str(attributes.get("comment") or "") if isinstance(attributes, dict) else ""
    if rel not in RELATIONS:
        raise Problem(400, "WorkItemLinkTypeNotFoundException", f"VS403328: The relation type '{rel}' is not known.")
    now = call.organization.clock.now()
    if rel == "AttachedFile":
        file = _FILE.search(url)
        if file is None or file[1].lower() not in call.organization.files:
            raise Problem(400, "WorkItemAttachmentNotFoundException", f"TF401243: The attachment {url} does not exist.")
        return Relation(rel, next(_RELATION_IDS), file[1].lower(), comment=comment, at=now)
    if rel in {"Hyperlink", "ArtifactLink"}:
        if any(one.url == url for one in draft.relations):
            raise Problem(400, "RelationAlreadyExistsException", "The relation already exists.")
        return Relation(rel, next(_RELATION_IDS), url=url, comment=comment, at=now)
    target = _TARGET.search(url)
    if target is None or call.organization.item(int(target[1])) is None or (item and item.id == int(target[1])):
        raise Problem(404, "WorkItemLinkEndUnauthorizedAccessException", f"TF401232: The work item of the link {url} does not exist.")
    if any(one.rel == rel and one.target == target[1] for one in draft.relations):
        raise Problem(400, "RelationAlreadyExistsException", "TF201035: The relation already exists.")
    if rel.endswith("Hierarchy-Reverse") and any(one.rel == rel for one in draft.relations):
        message = "TF201036: You cannot add a Parent link to this work item because a work item can have only one Parent link."
        raise Problem(400, "WorkItemLinkAddExtraParentException", message)
    return Relation(rel, 0, target[1], comment=comment, at=now)


def obey(draft: Draft, before: Object) -> None:
    """The rules of the type; 400 for the first that is broken."""
    kind, fields = draft.type, draft.fields
    if not fields.get("System.Title"):
        raise rule_error(FIELDS["System.Title"], "Required, InvalidEmpty")
    names = [one.name for one in kind.states]
    state = next((one for one in names if one.casefold() == str(fields.get("System.State")).casefold()), None)
    if state is None or (not before and state != kind.initial):
        raise rule_error(FIELDS["System.State"], "Required, HasValues, LimitedToValues, AllowsOldValue, InvalidListValue")
    fields["System.State"] = state
    moved = state != before.get("System.State")
    usual = "New" if not before else f"Moved to state {state}"
    if moved and "System.Reason" not in draft.touched:
        fields["System.Reason"] = usual
    before_reason = before.get("System.Reason")
    if fields.get("System.Reason") not in ((usual,) if moved else (before_reason,)):
        raise rule_error(FIELDS["System.Reason"], "HasValues, LimitedToValues, InvalidListValue")
    for name, allowed in kind.allowed.items():
        if name in fields and fields[name] not in allowed:
            raise rule_error(FIELDS[name], "HasValues, LimitedToValues, InvalidListValue")
    for name in kind.required.get(state, ()):
        if name not in fields:
            raise rule_error(FIELDS[name], "Required, InvalidEmpty")
