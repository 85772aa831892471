"""A deployment file: YAML, secrets from the environment, rules from files beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, JsonValue, ValidationError

from cli.places import Document, Places, load
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, PlanDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Schedule, Trigger
from operations.problems import Problem, Rejected, finding, joined

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_SIDES = ("left", "right")
_RULES = ("outgoing", "incoming")

Content = dict[str, JsonValue]


@dataclass(frozen=True)
class DeploymentFile:
    """`content` is valid, with secrets in the clear: it goes to the API and nowhere else."""

    content: Content
    places: Places


def read(file: Path, environment: Mapping[str, str]) -> DeploymentFile:
    """The file with variables and rules filled in. Rejected with everything that is wrong in it, BadInput if it is not YAML."""
    document = load(file)
    problems: list[Problem] = []
    content = _with_rules(_with_variables(document, environment, problems), file.parent, problems)
    problems += _validated(content)
    Rejected.unless_none(document.places.located(problem) for problem in problems)
    return DeploymentFile(content, document.places)


def _validated(content: Content) -> Iterator[Problem]:
    try:
        Deployment.model_validate(content)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            yield Problem(place=joined(*one["loc"]), message=finding(one, _known(one["loc"])))


def _known(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that are known where the key at `place` is."""
    model: type[BaseModel] | None = None
    match place:
        case (_,):
            model = Deployment
        case ("systems", _, _):
            model = SystemDeclaration
        case ("plans", _, _):
            model = PlanDeclaration
        case ("integrations", _, _):
            model = IntegrationDeclaration
        case ("connections", _, _):
            model = ConnectionDeclaration
        case ("connections", _, "left" | "right", _):
            model = SideDeclaration
        case ("connections", _, "triggers", _, _):
            model = Trigger
        case ("connections", _, "triggers", _, "schedule", _):
            model = Schedule
        case _:
            pass
    return tuple(model.model_fields) if model else ()


def _with_variables(document: Document, environment: Mapping[str, str], problems: list[Problem]) -> Content:
    """`$NAME` and `${NAME}` as the whole value of a credential, a webhook secret or a URL."""

    def filled(place: str, value: JsonValue) -> JsonValue:
        found = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return value[1:] if isinstance(value, str) and value.startswith("$$") else value
        name = found[1] or found[2]
        if not environment.get(name):
            problems.append(Problem(place=place, message=f"the environment variable {name} is not set; set it and try again"))
            return f"${name}"
        return environment[name]

    def system(place: str, content: JsonValue) -> JsonValue:
        if not isinstance(content, dict):
            return content
        plain = {name: filled(joined(place, name), value) for name, value in content.items() if name in {"url", "webhook_secret"}}
        credentials = content.get("credentials")
        if isinstance(credentials, dict):
            plain["credentials"] = {name: filled(joined(place, "credentials", name), value) for name, value in credentials.items()}
        return {**content, **plain}

    systems = document.content.get("systems")
    if not isinstance(systems, dict):
        return document.content
    return {**document.content, "systems": {name: system(joined("systems", name), one) for name, one in systems.items()}}


def _with_rules(content: Content, folder: Path, problems: list[Problem]) -> Content:
    """Rules that end in `.groovy` are files, relative to the deployment file."""

    def script(place: str, value: JsonValue) -> JsonValue:
        if not isinstance(value, str) or "\n" in value or not value.endswith(".groovy"):
            return value
        try:
            return (folder / value).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            problems.append(Problem(place=place, message=f"{value!r} in {str(folder.resolve())!r} cannot be read ({reason})"))
            return ""

    def side(place: str, value: JsonValue) -> JsonValue:
        if not isinstance(value, dict):
            return value
        return {**value, **{name: script(joined(place, name), value[name]) for name in _RULES if name in value}}

    def connection(place: str, value: JsonValue) -> JsonValue:
        if not isinstance(value, dict):
            return value
        return {**value, **{name: side(joined(place, name), value[name]) for name in _SIDES if name in value}}

    connections = content.get("connections")
    if not isinstance(connections, dict):
        return content
    return {**content, "connections": {name: connection(joined("connections", name), one) for name, one in connections.items()}}
