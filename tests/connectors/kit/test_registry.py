"""Connectors of other distributions are found by entry point, and one that cannot be used is named."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ASK = "from connectors import declarations; print(sorted(declarations()))"
GOOD = """
from dataclasses import replace
from connectors.redmine import DECLARATION as REDMINE
DECLARATION = replace(REDMINE, kind="{kind}")
"""


def _asked(tmp_path: Path, source: str, value: str = "acme_tracker:DECLARATION") -> subprocess.CompletedProcess[str]:
    """What a Python with such a distribution on its path knows."""
    (tmp_path / "acme_tracker.py").write_text(source)
    described = tmp_path / "acme_tracker-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-tracker\nVersion: 1\n")
    (described / "entry_points.txt").write_text(f"[twinline.connectors]\nacme-tracker = {value}\n")
    command = [sys.executable, "-P", "-c", f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]\n{ASK}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_connector_of_another_distribution_is_known(tmp_path: Path) -> None:
    done = _asked(tmp_path, GOOD.format(kind="acme-tracker"))
    assert done.returncode == 0, done.stderr
    assert "'acme-tracker', 'azure-devops', 'github'" in done.stdout


@pytest.mark.parametrize(
    ("source", "value", "said"),
    [
        (GOOD.format(kind="redmine"), "acme_tracker:DECLARATION", "both declare the kind 'redmine'; uninstall one"),
        ("DECLARATION = 5", "acme_tracker:DECLARATION", "the connector 'acme-tracker' is no Declaration"),
        ("import nowhere_at_all", "acme_tracker:DECLARATION", "'acme-tracker' cannot be loaded from 'acme_tracker:DECLARATION': No module"),
        ("", "acme_tracker:DECLARATION", "cannot be loaded"),
    ],
)
def test_one_that_cannot_be_used_is_named(source: str, value: str, said: str, tmp_path: Path) -> None:
    done = _asked(tmp_path, source, value)
    assert done.returncode == 1
    assert said in done.stderr
