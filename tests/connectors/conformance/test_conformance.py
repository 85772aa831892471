"""Every connector does what its quality.toml says, on its own fake."""

import pytest

from connectors import declarations
from connectors.kit.conformance.suite import Case, cases, known, run

KINDS = tuple(declarations())
CASES = [pytest.param(kind, case, id=f"{kind}-{case}") for kind in KINDS for case in cases(known(kind))]


@pytest.mark.parametrize(("kind", "case"), CASES)
async def test_a_promise_is_kept(kind: str, case: Case) -> None:
    await run(case, known(kind))
