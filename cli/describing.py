"""`twinline connection create` and `export`: one connection as a file describes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from cli import applying, options
from cli.client import Api
from cli.completing import connections, integrations
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json
from model.deployment import Deployment
from model.errors import BadInput
from model.words import Side
from operations.views import ConnectionDetail

_VALUE: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)

Content = dict[str, JsonValue]


def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new connection.")],
    *,
    integration: Annotated[str | None, typer.Option(help="Integration that it belongs to.", autocompletion=integrations)] = None,
    like: Annotated[Path | None, typer.Option(metavar="FILE", help="Deployment file with one connection, to begin with.")] = None,
    left: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A setting of the left side.")] = None,
    right: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A setting of the right side.")] = None,
    json: AsJson = False,
) -> None:
    """Make a connection, with the connectors' own rules where no file has others; it is Pending until it is accepted."""
    if integration is None and like is None:
        raise typer.BadParameter("name the --integration, or a file by --like")
    settings = {Side.LEFT: _settings(left), Side.RIGHT: _settings(right)}
    done = finish(_create(options.api(), name, integration, like, settings))
    if json:
        as_json(ConnectionDetail, done)
        return
    out.print(f"{done.name} is {done.status}; run `twinline connection accept {done.name}` to let it begin")


def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the connection.", autocompletion=connections)],
    *,
    json: AsJson = False,
) -> None:
    """Print the connection as YAML that `twinline apply` and `connection create --like` read."""
    found = finish(options.api().get(Deployment, f"/connections/{name}/export"))
    if json:
        as_json(Deployment, found)
        return
    content = found.model_dump(mode="json", exclude_defaults=True) | {"workspace": found.workspace}
    typer.echo(yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=140), nl=False)


class _Dumper(yaml.SafeDumper):
    """Scripts are blocks of lines."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)  # pyright: ignore[reportUnknownMemberType]  yaml has no types here


_Dumper.add_representer(str, _Dumper.represent_str)


async def _create(api: Api, name: str, integration: str | None, like: Path | None, settings: dict[Side, Content]) -> ConnectionDetail:
    content = _likened(like) if like else {}
    if integration:
        content["integration"] = integration
    for side in Side:
        part = _mapping(content.get(side))
        content[side.value] = {**part, "settings": {**_mapping(part.get("settings")), **settings[side]}}
    return await api.post(ConnectionDetail, "/connections", {"name": name, "connection": content})


def _likened(file: Path) -> Content:
    """The file's only connection. BadInput where there is none or there are several."""
    found = _mapping(applying.read(file).content.get("connections"))
    if len(found) != 1:
        several = f"describes {', '.join(found)}" if found else "describes no connection"
        raise BadInput(f"{str(file)!r} {several}; give a file with one, such as `twinline connection export NAME` prints")
    return dict(_mapping(next(iter(found.values()))))


def _settings(given: Sequence[str] | None) -> Content:
    """Values are read as in a deployment file: `5` is a number, and `[a, b]` a list."""
    found: Content = {}
    for one in given or ():
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise typer.BadParameter(f"{one!r} is no setting; write key=value")
        found[key] = _value(value)
    return found


def _value(text: str) -> JsonValue:
    try:
        return _VALUE.validate_python(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError):
        return text


def _mapping(value: JsonValue) -> Content:
    return value if isinstance(value, dict) else {}
