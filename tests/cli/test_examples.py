"""The examples in the help can be typed as they are."""

import shlex

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cli.examples import BEGIN, EXAMPLES
from cli.main import build

PROGRAM = get_command(build())
BEGINNING = [line.strip().partition("  ")[0] for line in BEGIN.splitlines() if line.startswith("  ")]


def _command(words: list[str]) -> TyperCommand:
    """The command that the words begin with, which are taken away."""
    command = PROGRAM
    while isinstance(command, TyperGroup):
        command = command.commands[words.pop(0)]
    assert isinstance(command, TyperCommand)
    return command


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_help_of_each_command_shows_its_own_examples(path: str):
    epilog = _command(path.split()).epilog
    assert epilog
    for line in EXAMPLES[path]:
        assert line in epilog
        assert line.startswith(f"twinline {path}")


@pytest.mark.parametrize("line", [*BEGINNING, *(line for lines in EXAMPLES.values() for line in lines)])
def test_each_example_is_understood(line: str):
    program, *words = shlex.split(line.partition(" > ")[0])
    command = _command(words)
    assert program == "twinline"
    assert command.make_context(line, words).params
