"""Items and replicas as people write them in JSON, brought into the shapes that scripts see."""

from collections.abc import Callable

from pydantic import JsonValue

from model.item import Fields

_NAMED = ("status", "priority", "type", "resolution", "securityLevel")
_USERS = ("assignee", "reporter", "creator", "author", "updateAuthor", "executor", "lead")
_USER_LISTS = ("assignees", "watchers", "voters")
_NAMED_LISTS = ("components", "fixVersions", "affectedVersions", "versions")
_COMMENTS = ("comments", "addedComments", "changedComments", "removedComments")
_FILES = ("attachments", "addedAttachments", "removedAttachments")
_LOGS = ("workLogs", "addedWorklogs", "changedWorklogs", "removedWorklogs")
_OTHER_NAMES = {"worklogs": "workLogs", "issuetype": "type", "issueType": "type", "title": "summary", "tags": "labels"}
_ENVELOPES = ("issue", "replica", "workItem", "entity", "payload")
_SHORT = {"typeName": ("type", "name"), "projectKey": ("project", "key"), "statusName": ("status", "name")}


def sent(given: Fields) -> Fields:
    """A replica: as it was sent, the envelope around `hubIssue` taken off, and comments and files from texts."""
    return {name: _children(name, value) for name, value in _opened(given).items()}


def shaped(given: Fields) -> Fields:
    """An item: named values from texts, objects from names, the envelope around `hubIssue` taken off."""
    found = _opened(given)
    for name, known in _OTHER_NAMES.items():
        if name in found and known not in found:
            found[known] = found.pop(name)
    for name, (owner, key) in _SHORT.items():
        if name in found and owner not in found:
            found[owner] = {key: found[name]}
    return {name: _shape(name, value) for name, value in found.items()}


def _opened(given: Fields) -> Fields:
    wrapped = next(iter(given.values()), None) if len(given) == 1 and next(iter(given)) in _ENVELOPES else None
    inner = given.get("hubIssue", wrapped)
    found: Fields = dict(inner) if isinstance(inner, dict) else dict(given)
    free = found.pop("customKeys", None)
    if isinstance(free, dict):
        found = {**free, **found}
    return found


def _shape(name: str, value: JsonValue) -> JsonValue:
    if name in _NAMED:
        return _object(value, "name")
    if name == "project":
        return _object(value, "key")
    if name in _USERS:
        return _user(value)
    if name in _USER_LISTS:
        return _each(value, _user)
    if name == "labels":
        return _each([*value.split()] if isinstance(value, str) else value, lambda one: _object(one, "label"))
    if name in _NAMED_LISTS:
        return _each(value, lambda one: _object(one, "name"))
    return _children(name, value)


def _children(name: str, value: JsonValue) -> JsonValue:
    if name in _COMMENTS:
        return _each(value, lambda one: _inside(_object(one, "body")))
    if name in _FILES:
        return _each(value, lambda one: _inside(_file(one)))
    if name in _LOGS:
        return _each(value, _inside)
    if name == "customFields" and isinstance(value, list):
        return {str(one.get("name") or one.get("id")): one for one in value if isinstance(one, dict)}
    return value


def _object(value: JsonValue, key: str) -> JsonValue:
    return value if isinstance(value, dict) or value is None else {key: value}


def _user(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    return {"email": value, "displayName": value} if "@" in value else {"key": value, "username": value, "displayName": value}


def _file(value: JsonValue) -> JsonValue:
    found = _object(value, "filename")
    return {"filename": found["name"], **found} if isinstance(found, dict) and "name" in found and "filename" not in found else found


def _inside(value: JsonValue) -> JsonValue:
    return {name: _user(one) if name in _USERS else one for name, one in value.items()} if isinstance(value, dict) else value


def _each(value: JsonValue, change: Callable[[JsonValue], JsonValue]) -> JsonValue:
    return [change(one) for one in value] if isinstance(value, list) else value


def answers(given: Fields) -> Fields:
    """The helpers file by call: `{"nodeHelper": {"getUser": ...}}` is `{"nodeHelper.getUser": ...}`."""
    found: Fields = {}
    for name, one in given.items():
        if "." not in name and isinstance(one, dict) and (name.endswith("Helper") or name == "httpClient"):
            found.update({f"{name}.{method}": answer for method, answer in one.items()})
        else:
            found[name] = one
    return found
