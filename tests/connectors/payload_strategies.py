"""Random payloads: whatever JSON fits a connector's own models, edges first, and with keys that they do not know."""

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

UNKNOWN = "brandNewKey"
TEXTS = (
    "",
    " ",
    "\r\n",
    "\x00",
    "é😀",
    "<p>a</p><script>",
    "0",
    "-1",
    "None",
    "2031-02-03",
    "[twinline:]",
    "[twinline:a:b]",
    "&#0;",
    "x" * 300,
)
TIMES = (
    "2031-02-03T04:05:06Z",
    "2031-02-03T04:05:06.123+0000",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "1969-12-31T23:59:59+00:00",
)
DAYS = ("2031-02-03", "0001-01-01", "9999-12-31")
texts = st.sampled_from(TEXTS) | st.text(max_size=12)
numbers = st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30]) | st.integers(-5, 5)
scalars = st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts | st.sampled_from(TIMES)
anything: st.SearchStrategy[JsonValue] = st.recursive(
    cast("st.SearchStrategy[JsonValue]", scalars),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
PLAIN: Mapping[object, st.SearchStrategy[Any]] = {
    str: texts,
    int: numbers,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.sampled_from(TIMES),
    date: st.sampled_from(DAYS),
    type(None): st.none(),
    JsonValue: anything,
    Any: anything,
    object: anything,
}


def payloads(model: type[BaseModel], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON of that model, some with what is optional, each with a key that it does not know. `known` fields are of a narrower kind."""
    own = {name: known[name] if name in known else values(info.annotation) for name, info in model.model_fields.items()}
    required = {_alias(name, info): own[name] for name, info in model.model_fields.items() if info.is_required()}
    optional = {_alias(name, info): own[name] for name, info in model.model_fields.items() if not info.is_required()}
    whole = st.fixed_dictionaries(required, optional=optional)
    return st.builds(_extended, whole, anything)


def _extended(one: dict[str, Any], extra: JsonValue) -> dict[str, Any]:
    return {**one, UNKNOWN: extra}


def _alias(name: str, info: FieldInfo) -> str:
    return info.alias or name


def values(annotation: object) -> st.SearchStrategy[Any]:
    """JSON of that type."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.deferred(lambda: payloads(annotation))
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(inner[0])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in {Union, types.UnionType}:
        return st.one_of(*map(values, inner))
    if origin in {tuple, list, frozenset, set, Sequence}:
        return st.lists(values(inner[0]), max_size=3)
    if origin in {dict, Mapping}:
        return st.dictionaries(texts, values(inner[1]), max_size=3)
    raise TypeError(f"no payloads of the type {annotation!r} yet; add it here")


def without_unknown(payload: JsonValue) -> JsonValue:
    """The same without the keys that no model knows."""
    if isinstance(payload, dict):
        return {name: without_unknown(value) for name, value in payload.items() if name != UNKNOWN}
    return [without_unknown(one) for one in payload] if isinstance(payload, list) else payload
