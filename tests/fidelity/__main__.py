"""`python -m tests.fidelity`: writes docs/connectors/fidelity.md."""

from tests.fidelity.page import PAGE, page

PAGE.parent.mkdir(exist_ok=True)
PAGE.write_text(page(), encoding="utf-8")
