"""docs/cli.md and docs/configuration.md have every command, option, variable and key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.core import TyperGroup
from typer.main import get_command

from cli.main import build
from config.settings import PREFIX, Settings
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, PlanDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Schedule, Trigger
from model.words import ConflictPolicy, Deleted, Feature, Moved, TwinStatus

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text()
CONFIGURATION = (DOCS / "configuration.md").read_text()


def _options(group: TyperGroup, prefix: str = "twinline") -> Iterator[tuple[str, set[str]]]:
    """Every command with its long options."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _options(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", {option for one in command.params for option in one.opts if option.startswith("--")}


PROGRAM = get_command(build())
assert isinstance(PROGRAM, TyperGroup)
GROUPS = {name: one for name, one in PROGRAM.commands.items() if isinstance(one, TyperGroup)}
COMMANDS = dict(_options(PROGRAM))


def _documented() -> dict[str, set[str]]:
    """Every command of the page with the options of its table."""
    sections = re.split(r"^### ", CLI, flags=re.MULTILINE)[1:]
    found: dict[str, set[str]] = {}
    for section in sections:
        heading = re.match(r"`([^`]+)`", section)
        assert heading
        words = [word for word in heading[1].split() if not word.isupper()]
        found[" ".join(words)] = set(re.findall(r"^\| `(--[a-z-]+)", section, flags=re.MULTILINE))
    return found


def test_every_command_is_documented_and_no_other():
    assert set(_documented()) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented_and_no_other(command: str):
    assert _documented()[command] == COMMANDS[command]


@pytest.mark.parametrize("name", GROUPS)
def test_the_help_of_a_group_lists_its_commands(name: str):
    group = GROUPS[name]
    assert group.help
    assert sorted(group.help.rpartition(": ")[2].rstrip(".").split(", ")) == sorted(group.commands)


def test_every_variable_is_documented():
    assert set(re.findall(r"^\| `(TWINLINE_\w+)`", CONFIGURATION, flags=re.MULTILINE)) == {
        f"{PREFIX}{name.upper()}" for name in Settings.model_fields
    }


@pytest.mark.parametrize(
    "model",
    [Deployment, SystemDeclaration, PlanDeclaration, IntegrationDeclaration, ConnectionDeclaration, SideDeclaration, Trigger, Schedule],
)
def test_every_key_is_documented(model: type[BaseModel]):
    assert [name for name in model.model_fields if f"`{name}`" not in CONFIGURATION] == []


def test_every_closed_value_is_documented():
    assert [value for value in ConflictPolicy if f"`{value}`" not in CONFIGURATION] == []
    assert [value for value in Feature if f"`{value}`" not in CONFIGURATION] == []
    assert [value for value in Deleted if f"`{value}`" not in CONFIGURATION] == []
    assert [value for value in Moved if f"`{value}`" not in CONFIGURATION] == []
    assert [value for value in TwinStatus if f"`{value}`" not in CLI] == []
