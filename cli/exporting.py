"""A deployment as the file that declares it: secrets become variables."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import cast

import yaml
from pydantic import JsonValue

from model.deployment import Deployment, SystemDeclaration

HEAD = "# Written by `twinline deployment export`; `twinline apply` reads it."
VARIABLES = "# Set these environment variables before:"

Secret = tuple[str, str]
"""A system, and the name of the secret."""


class _Dumper(yaml.SafeDumper):
    """Texts of several lines are blocks."""


def _text(_: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def written(declared: Deployment) -> str:
    """YAML that `cli.declaration.read` reads back. What has its default is left out; `declared` is masked."""
    variables = _variables(declared)
    told = (VARIABLES, *(f"#   {name}" for name in variables.values())) if variables else ()
    content = cast("dict[str, JsonValue]", declared.model_dump(mode="json", exclude_defaults=True))
    systems = {name: _system(name, one, variables) for name, one in declared.systems.items()}
    body = {"workspace": declared.workspace, **content, **({"systems": systems} if systems else {})}
    return "\n".join((HEAD, *told, "", yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)))


def _system(name: str, system: SystemDeclaration, variables: Mapping[Secret, str]) -> dict[str, JsonValue]:
    plain = cast("dict[str, JsonValue]", system.model_dump(mode="json", exclude_defaults=True, exclude={"credentials", "webhook_secret"}))
    plain["url"] = f"${system.url}" if system.url.startswith("$") else system.url
    if system.credentials:
        plain["credentials"] = {one: f"${{{variables[name, one]}}}" for one in system.credentials}
    if system.webhook_secret:
        plain["webhook_secret"] = f"${{{variables[name, 'webhook_secret']}}}"
    return plain


def _variables(declared: Deployment) -> dict[Secret, str]:
    """A variable for each secret; names that are alike but for signs get numbers."""
    wanted = {(name, one): _spelled(f"{name}_{one}") for name, system in declared.systems.items() for one in _secrets(system)}
    taken: set[str] = set()
    given: dict[Secret, str] = {}
    for secret, plain in wanted.items():
        numbered = (f"{plain}_{number}" for number in count(2))
        given[secret] = plain if plain not in taken else next(one for one in numbered if one not in taken | set(wanted.values()))
        taken.add(given[secret])
    return given


def _spelled(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def _secrets(system: SystemDeclaration) -> Iterator[str]:
    yield from system.credentials
    if system.webhook_secret:
        yield "webhook_secret"
