"""What a search finds besides tickets: https://developer.zendesk.com/documentation/api-basics/working-with-data/searching-with-the-zendesk-api/."""

from collections.abc import Callable, Mapping, Sequence

from connectors.zendesk.fake_call import Call
from connectors.zendesk.fake_organizations import ORGANIZATIONS
from connectors.zendesk.fake_state import Object

KINDS = ("user", "organization", "group")
WORDS: Mapping[str, tuple[str, ...]] = {
    "user": ("name", "email", "notes", "details", "external_id", "phone"),
    "organization": ("name", "notes", "details", "external_id"),
    "group": ("name",),
}
"""Where a plain word is looked for."""


def found(call: Call, kind: str, terms: Sequence[tuple[str, str, str, bool]]) -> list[Object]:
    """Objects of a kind that meet all terms: keyword, sign, value and whether it is to be met; a word has no keyword."""
    sources: Mapping[str, Callable[[], list[Object]]] = {
        "user": lambda: [call.view.user(one) for one in call.world.users.values() if one.more.get("active") is not False],
        "organization": lambda: [ORGANIZATIONS.shown(call, one) for one in ORGANIZATIONS.rows(call.world)],
        "group": lambda: [call.view.group(one) for one in call.world.groups],
    }
    rows = [one for one in sources[kind]() if all(_meets(kind, one, *term[:3]) is term[3] for term in terms)]
    return [{**one, "result_type": kind} for one in rows]


def _meets(kind: str, row: Object, keyword: str, sign: str, value: str) -> bool:
    """A keyword that the kind does not have is met by none of it."""
    wanted = value.casefold()
    if not keyword:
        texts = [str(row.get(name) or "").casefold() for name in WORDS[kind]]
        return any(wanted.rstrip("*") in one for one in texts)
    if keyword in {"created", "updated"}:
        now = str(row[f"{keyword}_at"])
        short = now[: len(value)]
        return {":": short == value, ">": short > value, "<": short < value, ">=": short >= value, "<=": short <= value}[sign]
    held = row.get(keyword)
    if keyword == "tags":
        return isinstance(held, list) and any(one in held for one in wanted.split(","))
    if keyword in {"name", "email", "role", "external_id", "phone", "notes", "details"} and keyword in row:
        now = str(held or "").casefold()
        return not now if wanted == "none" else now.startswith(wanted[:-1]) if wanted.endswith("*") else wanted in now
    return False
