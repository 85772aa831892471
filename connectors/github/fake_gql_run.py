"""GraphQL, answered: objects have a type with fields, and selections are read off them.

GitHub refuses a field that a type does not have before anything is done; here it is refused when it is met, which is before a mutation's
effect only if the mutation itself is unknown.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pydantic import JsonValue

from connectors.github.fake_call import Call
from connectors.github.fake_gql import Args, Document, Selection
from connectors.github.fake_render import Json

LARGEST = 100


@dataclass(frozen=True)
class Node:
    """An object of a GraphQL type, around what the fake holds."""

    type: str
    held: object


@dataclass(frozen=True)
class Page:
    """A part of a list; `start` is the place of the first of `part`. Where `unbounded`, only the total may be asked for."""

    of: str
    part: Sequence[Node]
    start: int
    total: int
    unbounded: str = ""


Value = JsonValue | Node | Sequence["Value"]
Resolver = Callable[[Call, object, Args], Value]
Mutation = Callable[[Call, Args], Awaitable[Node]]
Fields = Mapping[str, Resolver]


class Refused(Exception):
    """An error at a field; the field is null then. `code` is of a fault in the query itself, for which there is no data at all."""

    def __init__(self, message: str, kind: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.code = code


@dataclass
class Run:
    """One answer in the making; `types` maps a type's name to its fields and `kinds` to what else a fragment may call it."""

    call: Call
    document: Document
    types: Mapping[str, Fields]
    kinds: Mapping[str, frozenset[str]]
    errors: list[JsonValue] = field(default_factory=list[JsonValue])

    def answer(self, root: Node) -> Json:
        try:
            data = self._object(root, self.document.selections, [])
        except Refused as refused:
            return _at_fault(refused)
        return {"data": data, **({"errors": self.errors} if self.errors else {})}

    async def mutate(self, mutations: Mapping[str, Mutation]) -> Json:
        """Each mutation after the one before it, whatever became of that."""
        data: Json = {}
        for one in self._flat(Node("Mutation", None), self.document.selections):
            mutation, given = mutations.get(one.name), (one.args or {}).get("input")
            if mutation is None:
                return _at_fault(Refused(f"Field '{one.name}' doesn't exist on type 'Mutation'", "Mutation", "undefinedField"))
            try:
                asked = given if isinstance(given, dict) else {}
                done = await mutation(self.call, asked)
                done = Node(done.type, {**cast("Mapping[str, Value]", done.held), "clientMutationId": asked.get("clientMutationId")})
                data[one.alias] = self._shown(done, one, [one.alias])
            except Refused as refused:
                if refused.code:
                    return _at_fault(refused)
                self._refused(refused, [one.alias])
                data[one.alias] = None
        return {"data": data, **({"errors": self.errors} if self.errors else {})}

    def _refused(self, refused: Refused, path: list[JsonValue]) -> None:
        kind: Json = {"type": refused.kind} if refused.kind else {}
        self.errors.append({**kind, "path": path, "locations": [{"line": 1, "column": 1}], "message": refused.message})

    def _object(self, node: Node, selections: Sequence[Selection], path: list[JsonValue]) -> Json:
        found: Json = {}
        for one in self._flat(node, selections):
            if one.name == "__typename":
                found[one.alias] = f"{node.held.of}{node.type}" if isinstance(node.held, Page) and node.type == "Connection" else node.type
                continue
            resolver = _of_payload(node, one.name) or self.types.get(node.type, {}).get(one.name)
            if resolver is None:
                raise Refused(f"Field '{one.name}' doesn't exist on type '{node.type}'", node.type, "undefinedField")
            here = [*path, one.alias]
            found[one.alias] = _merged(found.get(one.alias), self._field(resolver, node, one, here))
        return found

    def _field(self, resolver: Resolver, node: Node, selection: Selection, path: list[JsonValue]) -> JsonValue:
        try:
            value = resolver(self.call, node.held, selection.args or {})
        except Refused as refused:
            if refused.code:
                raise
            self._refused(refused, path)
            return None
        return self._shown(value, selection, path)

    def _shown(self, value: Value, selection: Selection, path: list[JsonValue]) -> JsonValue:
        if isinstance(value, Node):
            if not selection.selections:
                message = f"Field must have selections (field '{selection.name}' returns {value.type} but has no selections.)"
                raise Refused(message, value.type, "selectionMismatch")
            return self._object(value, selection.selections, path)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._shown(one, selection, [*path, number]) for number, one in enumerate(value)]
        return cast("JsonValue", value)

    def _flat(self, node: Node, selections: Sequence[Selection]) -> list[Selection]:
        """The fields that are asked of an object of that type, fragments opened."""
        found: list[Selection] = []
        for one in selections:
            if one.on is None:
                found.append(one)
                continue
            opened = self.document.fragments.get(one.spread) if one.spread else one
            if opened is None:
                raise Refused(f"Fragment {one.spread} was used, but not defined", one.spread, "useAndDefineFragment")
            if opened.on in {"", node.type} or opened.on in self.kinds.get(node.type, frozenset()):
                found += self._flat(node, opened.selections)
        return found


def payload(name: str, **values: Value) -> Node:
    """What a mutation answers: an object of a type of its own."""
    return Node(f"{name[:1].upper()}{name[1:]}Payload", {**values})


def _of_payload(node: Node, name: str) -> Resolver | None:
    if not node.type.endswith("Payload"):
        return None
    values = cast("Mapping[str, Value]", node.held)
    return (lambda call, held, args: values[name]) if name in values else None


def _at_fault(refused: Refused) -> Json:
    told: Json = {"path": [refused.kind], "extensions": {"code": refused.code}, "message": refused.message}
    return {"errors": [{**told, "locations": [{"line": 1, "column": 1}]}]}


def connection(of: str, items: Sequence[Node], args: Args, name: str) -> Node:
    """One page of a list, as https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api has it."""
    first, last = args.get("first"), args.get("last")
    if not isinstance(first, int) and not isinstance(last, int):
        return Node("Connection", Page(of, items, 0, len(items), name))
    for word, size in (("first", first), ("last", last)):
        if isinstance(size, int) and size > LARGEST:
            message = f"Requesting {size} records on the `{name}` connection exceeds the `{word}` limit of {LARGEST} records."
            raise Refused(message, "EXCESSIVE_PAGINATION")
    start = _place(args.get("after")) + 1 if args.get("after") else 0
    end = _place(args.get("before")) if args.get("before") else len(items)
    if isinstance(first, int):
        end = min(end, start + first)
    elif isinstance(last, int):
        start = max(start, end - last)
    return Node("Connection", Page(of, items[start:end], start, len(items)))


def page_fields() -> Mapping[str, Fields]:
    """The types that all connections share here; GitHub has one for each type."""
    return {
        "Connection": {
            "nodes": lambda call, page, args: _bounded(page).part,
            "edges": lambda call, page, args: [
                Node("Edge", (one, _cursor(_page(page).start + place))) for place, one in enumerate(_bounded(page).part)
            ],
            "totalCount": lambda call, page, args: _page(page).total,
            "issueCount": lambda call, page, args: _page(page).total,
            "pageInfo": lambda call, page, args: Node("PageInfo", _bounded(page)),
        },
        "Edge": {
            "node": lambda call, edge, args: cast("tuple[Node, str]", edge)[0],
            "cursor": lambda call, edge, args: cast("tuple[Node, str]", edge)[1],
        },
        "PageInfo": {
            "hasNextPage": lambda call, page, args: _page(page).start + len(_page(page).part) < _page(page).total,
            "hasPreviousPage": lambda call, page, args: _page(page).start > 0,
            "startCursor": lambda call, page, args: _cursor(_page(page).start) if _page(page).part else None,
            "endCursor": lambda call, page, args: _cursor(_page(page).start + len(_page(page).part) - 1) if _page(page).part else None,
        },
    }


def _page(held: object) -> Page:
    return cast("Page", held)


def _bounded(held: object) -> Page:
    page = _page(held)
    if page.unbounded:
        message = f"You must provide a `first` or `last` value to properly paginate the `{page.unbounded}` connection."
        raise Refused(message, "MISSING_PAGINATION_BOUNDARIES")
    return page


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:v2:{place}".encode()).decode()


def _place(cursor: JsonValue) -> int:
    try:
        return int(base64.b64decode(str(cursor)).decode().removeprefix("cursor:v2:"))
    except ValueError:
        raise Refused(f"`{cursor}` does not appear to be a valid cursor.", "INVALID_CURSOR_ARGUMENTS") from None


def _merged(before: JsonValue, after: JsonValue) -> JsonValue:
    """A field that is selected twice has what both ask for."""
    if isinstance(before, dict) and isinstance(after, dict):
        return {**before, **{name: _merged(before.get(name), value) for name, value in after.items()}}
    if isinstance(before, list) and isinstance(after, list):
        return [_merged(one, other) for one, other in zip(before, after, strict=True)]
    return after
