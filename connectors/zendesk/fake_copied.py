"""Who is copied on a ticket: end users and agents by e-mail, and agents who follow it.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#setting-followers: `collaborator_ids` are both; who is set as a
collaborator is copied by e-mail.
"""

from pydantic import JsonValue

from connectors.zendesk.fake_seed import SeedUser
from connectors.zendesk.fake_state import Object, Ticket, User, World


def assign(world: World, ticket: Ticket, wanted: Object) -> list[Object]:
    """Sets what is wanted; the audit's events of it."""
    events: list[Object] = []
    copied, followers = _copied(world, ticket, wanted), _followers(world, ticket, wanted)
    if copied != ticket.email_ccs:
        told: Object = {"previous_email_ccs": _addresses(world, ticket.email_ccs), "current_email_ccs": _addresses(world, copied)}
        events.append({"id": world.next_id(), "type": "EmailCcChange", **told})
    if followers != ticket.followers:
        told = {"previous_followers": _addresses(world, ticket.followers), "current_followers": _addresses(world, followers)}
        events.append({"id": world.next_id(), "type": "FollowerChange", **told})
    ticket.email_ccs, ticket.followers = copied, followers
    return events


def _copied(world: World, ticket: Ticket, wanted: Object) -> list[int]:
    """The whole list is set by `collaborator_ids` and `collaborators`; the others add and take away."""
    now = list(ticket.email_ccs)
    for name in ("collaborator_ids", "collaborators"):
        if isinstance(given := wanted.get(name), list):
            now = [one.id for one in _people(world, given)]
    now += [one.id for one in _people(world, wanted.get("additional_collaborators"))]
    return _changed(world, now, wanted.get("email_ccs"), agents=False)


def _followers(world: World, ticket: Ticket, wanted: Object) -> list[int]:
    given = wanted.get("follower_ids")
    now = [one.id for one in _people(world, given)] if isinstance(given, list) else list(ticket.followers)
    return _changed(world, now, wanted.get("followers"), agents=True)


def _changed(world: World, now: list[int], given: JsonValue, *, agents: bool) -> list[int]:
    """Each entry has `user_id` or `user_email`, and the `action` put or delete."""
    for one in given if isinstance(given, list) else []:
        person = _person(world, one)
        if person is None or not isinstance(one, dict) or (agents and person.role == "end-user"):
            continue
        now = [*now, person.id] if one.get("action") != "delete" else [number for number in now if number != person.id]
    return list(dict.fromkeys(now))


def _people(world: World, given: JsonValue) -> list[User]:
    found = [_person(world, one) for one in given] if isinstance(given, list) else []
    return [one for one in found if one is not None]


def _person(world: World, given: JsonValue) -> User | None:
    """By id or address; an address that nobody has becomes an end user's."""
    if isinstance(given, int):
        return world.users.get(given)
    told: Object = given if isinstance(given, dict) else {"email": given}
    number = told.get("user_id")
    if number is not None:
        return world.users.get(int(str(number))) if str(number).isdecimal() else None
    email = str(told.get("user_email") or told.get("email") or "")
    if "@" not in email:
        return None
    name = str(told.get("user_name") or told.get("name") or email)
    return world.user_by_email(email) or world.add_user(SeedUser(name=name, email=email, role="end-user"), world.clock.now())


def _addresses(world: World, numbers: list[int]) -> list[JsonValue]:
    return [world.users[one].email for one in numbers]
