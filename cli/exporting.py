"""A deployment as the file that declares it: secrets become variables."""

import re
from collections.abc import Iterator
from typing import cast

import yaml
from pydantic import JsonValue

from model.deployment import Deployment, SystemDeclaration

HEAD = "# Written by `twinline deployment export`; `twinline apply` reads it."
VARIABLES = "# Set these environment variables before:"


class _Dumper(yaml.SafeDumper):
    """Texts of several lines are blocks."""


def _text(_: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def written(declared: Deployment) -> str:
    """YAML that `cli.declaration.read` reads back. What has its default is left out; `declared` is masked."""
    variables = [name for system, one in declared.systems.items() for name in _variables(system, one).values()]
    told = (VARIABLES, *(f"#   {name}" for name in variables)) if variables else ()
    content = cast("dict[str, JsonValue]", declared.model_dump(mode="json", exclude_defaults=True))
    systems = {name: _system(name, one) for name, one in declared.systems.items()}
    body = {"workspace": declared.workspace, **content, **({"systems": systems} if systems else {})}
    return "\n".join((HEAD, *told, "", yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)))


def _system(name: str, system: SystemDeclaration) -> dict[str, JsonValue]:
    variables = _variables(name, system)
    plain = cast("dict[str, JsonValue]", system.model_dump(mode="json", exclude_defaults=True, exclude={"credentials", "webhook_secret"}))
    plain["url"] = f"${system.url}" if system.url.startswith("$") else system.url
    if system.credentials:
        plain["credentials"] = {one: f"${{{variables[one]}}}" for one in system.credentials}
    if system.webhook_secret:
        plain["webhook_secret"] = f"${{{variables['webhook_secret']}}}"
    return plain


def _variables(name: str, system: SystemDeclaration) -> dict[str, str]:
    return {one: re.sub(r"\W", "_", f"{name}_{one}").upper() for one in _secrets(system)}


def _secrets(system: SystemDeclaration) -> Iterator[str]:
    yield from system.credentials
    if system.webhook_secret:
        yield "webhook_secret"
