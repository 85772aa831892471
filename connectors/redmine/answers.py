"""Answers to the questions of the rule language."""

from pydantic import JsonValue

from connectors.redmine.config import Settings
from connectors.redmine.mapping import Person, named, person
from connectors.redmine.metadata import Member, Metadata
from connectors.redmine.payloads import Named
from connectors.redmine.values import member_like
from model.errors import NotFound


async def answer(metadata: Metadata, side: Settings, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
    """In hub shape; None for "no such thing"."""
    first = arguments[0] if arguments else None
    if not first:
        return None
    match name:
        case "issue_type":
            return named(_like(first, (await metadata.project(side.project)).trackers))
        case "priority":
            return named(_like(first, await metadata.priorities()))
        case "status":
            return named(_like(first, await metadata.statuses()))
        case "project":
            return await _project(metadata, first)
        case "user" | "user_by_email" | "user_by_username":
            key = {"user": "key", "user_by_email": "email", "user_by_username": "username"}[name]
            return _user(member_like({key: first}, await metadata.members(side.project)))
        case _:
            return None


async def _project(metadata: Metadata, key: str) -> JsonValue:
    try:
        found = await metadata.project(key)
    except NotFound:
        return None
    return {"key": found.identifier, "name": found.name, "id": str(found.id)}


def _user(member: Member | None) -> JsonValue:
    if member is None:
        return None
    people: dict[int, Person] = {member.id: member.person}
    return person(Named(id=member.id, name=member.name), people)


def _like(name: str, options: tuple[Named, ...]) -> Named | None:
    return next((one for one in options if one.name.casefold() == name.casefold()), None)
