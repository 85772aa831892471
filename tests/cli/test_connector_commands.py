"""A connector that `twinline connector new` wrote is found by its entry point, and keeps its promises as it is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from cli.main import build

ROOT = Path(__file__).parents[2]


def _twinline(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build("connector"), ["connector", *arguments])
    return done.exit_code, done.output


def _installed(project: Path, site: Path) -> Mapping[str, str]:
    """The environment of a Python that has the project's wheel on its path."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(site)], cwd=project, check=True, capture_output=True
    )
    (wheel,) = site.glob("*.whl")
    with ZipFile(wheel) as content:
        content.extractall(site)
    return {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{ROOT}"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    folder = tmp_path_factory.mktemp("projects")
    code, said = _twinline("new", "acme-tracker", "--into", str(folder))
    assert code == 0, said
    return {**_installed(folder / "acme-tracker", tmp_path_factory.mktemp("site")), "PROJECT": str(folder / "acme-tracker")}


def _run(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=environment["PROJECT"], capture_output=True, text=True, check=False
    )


def test_a_new_connector_keeps_its_promises(environment: Mapping[str, str]) -> None:
    done = _run(environment, "-P", "-m", "cli.main", "connector", "check", "acme-tracker")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("checks, all promises kept\n")
    assert "kept    change_feed-the_feed_turns_its_pages" in done.stdout


def test_a_promise_that_is_broken_is_told(environment: Mapping[str, str], tmp_path: Path) -> None:
    site = Path(environment["PYTHONPATH"].split(os.pathsep)[0])
    edited = tmp_path / "acme_tracker"
    edited.mkdir()
    for one in (site / "acme_tracker").iterdir():
        if one.is_file():
            edited.joinpath(one.name).write_text(one.read_text())
    mapping = edited / "mapping.py"
    mapping.write_text(mapping.read_text().replace("marker=one.reference", "marker=None"))
    broken = {**environment, "PYTHONPATH": f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"}
    done = _run(broken, "-P", "-m", "cli.main", "connector", "check", "acme-tracker")
    assert done.returncode == 1
    assert "broken  comments-comments_are_added_and_found" in done.stdout


def test_its_own_tests_are_the_suite(environment: Mapping[str, str]) -> None:
    done = _run(environment, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_a_promise_is_kept[webhooks-a_forged_call_is_refused]" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Acme", "is no name of a kind"),
        ("a_b", "is no name of a kind"),
        ("jira", "already; choose another name"),
        ("taken", "is there already"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    code, output = _twinline("new", name, "--into", str(tmp_path))
    assert (code, said in output) == (1, True), output


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    code, said = _twinline("check", "nothing")
    assert (code, "known kinds: azure-devops, github, jira" in said) == (1, True), said
