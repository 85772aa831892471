"""The bench runs, and reports every figure."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from bench.report import Report

ROOT = Path(__file__).parents[2]


def _figures(value: JsonValue, name: str = "") -> Iterator[tuple[str, float]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _figures(inner, f"{name}.{key}")
        case list():
            for number, inner in enumerate(value):
                yield from _figures(inner, f"{name}.{number}")
        case int() | float():
            yield name, value
        case _:
            raise AssertionError(f"{name} is {value!r}")


def test_a_quick_run_ends_with_a_positive_figure_for_everything() -> None:
    done = subprocess.run([sys.executable, "-m", "bench", "--quick"], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    last = done.stdout.splitlines()[-1]
    report = Report.model_validate_json(last)
    assert report.vendor_calls.for_edit_in_jira
    assert report.vendor_calls.for_edit_on_github
    bad = {name: figure for name, figure in _figures(json.loads(last)) if not (math.isfinite(figure) and figure > 0)}
    assert bad == {}
