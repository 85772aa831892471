"""The repository keeps the promises that its documents make."""

import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast
from zipfile import ZipFile

import pytest
import yaml

from connectors import declarations
from model.deployment import Deployment
from operations.soundness import rule_problems
from tests.mutation.mutants import MUTANTS

ROOT = Path(__file__).parents[1]
LOCAL = {".git", ".venv", ".run", "__pycache__", ".hypothesis", "build", "dist"}
NOT_SHIPPED = {"tests", "bench", "scripts", "docs"}
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

INDEX_ADDRESS = re.compile(
    r"pypi\.org/simple|files\.pythonhosted|registry\.npmjs|tool\.uv\.index|(index-url|find-links|extra-index-url)[ =]+[\"']?(https?|file):"
)


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in LOCAL or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def shipped_folders() -> set[str]:
    inside = {path.relative_to(ROOT).parts for path in files() if path.suffix == ".py"}
    return {parts[0] for parts in inside if len(parts) > 1} - NOT_SHIPPED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as content:
        return set(content.namelist())


def test_the_wheel_has_every_file_of_every_package(wheel: set[str]) -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    wanted = {name for name in names if name.split("/")[0] in shipped_folders() and not name.endswith(".pyc")}
    assert sorted((wanted | {"worker.py"}) - wheel) == []
    assert any(name.startswith("store/migrations/versions/") for name in wanted)


def test_the_wheel_has_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert sorted(top for top in tops - shipped_folders() if not top.endswith(".dist-info")) == ["worker.py"]


def test_every_package_says_that_it_is_one() -> None:
    assert [name for name in sorted(shipped_folders()) if not (ROOT / name / "__init__.py").exists()] == []


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files() if path.suffix == ".py"}
    assert {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > 400} == {}


def test_no_file_names_a_package_index() -> None:
    found = [str(path.relative_to(ROOT)) for path in files() if INDEX_ADDRESS.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []


def test_the_lock_holds_versions_and_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "\n--" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_has_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=\[]", one)[0] for one in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert sorted(wanted - locked) == []


def make_targets() -> set[str]:
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(re.findall(r"^  make ([a-z-]+)", shown.stdout, re.MULTILINE))


def test_every_make_target_is_documented() -> None:
    told = {name for page in DOCUMENTS for name in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)}
    assert sorted(make_targets() - told) == []
    assert sorted(told - make_targets()) == []


def test_continuous_integration_runs_what_the_readme_says() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith(("make ", "{ make "))]
    targets = re.findall(r"\bmake ([\w-]+)", "\n".join(lines))
    assert targets == ["setup", "check", "simulate", "crash", "test", "test-postgres"]
    assert "\nmake test " in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_what_the_architecture_names_exists() -> None:
    packages = "|".join(sorted(shipped_folders()))
    names = re.findall(rf"`((?:{packages})(?:\.\w+)+)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert len(names) > 10
    assert [name for name in names if not _exists(name)] == []


def _exists(name: str) -> bool:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = cast("object", importlib.import_module(".".join(parts[:cut])))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


def example(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_readme_shows_a_deployment_that_can_be_applied() -> None:
    (text,) = example("yaml")
    deployment = Deployment.model_validate(yaml.safe_load(text))
    for name, system in deployment.systems.items():
        given = {field: value.get_secret_value() for field, value in system.credentials.items()}
        assert declarations()[system.kind].credentials.model_validate(given).model_fields_set == set(system.credentials), name
    for connection in deployment.connections.values():
        ends = deployment.integrations[connection.integration]
        for system, side in ((ends.left, connection.left), (ends.right, connection.right)):
            declarations()[deployment.systems[system].kind].settings.model_validate(side.settings)


def test_the_rules_in_the_readme_compile() -> None:
    scripts = example("groovy")
    assert len(scripts) == 2
    assert [problem for script in scripts for problem in rule_problems("README", script)] == []


def test_the_worker_names_no_platform() -> None:
    """import-linter does not look into worker.py, since it is a module and not a package."""
    imports = re.findall(r"^\s*(?:from|import) ([\w.]+)", (ROOT / "worker.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in imports if name == "httpx" or re.match(r"connectors\.(?!kit)", name)] == []


def test_mutants_are_made_of_the_code_as_it_is() -> None:
    assert [mutant.name for mutant in MUTANTS if mutant.old not in (ROOT / mutant.path).read_text(encoding="utf-8")] == []
