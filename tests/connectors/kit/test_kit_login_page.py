"""Pages to log in, told from other pages and from answers."""

import pytest

from connectors.kit.http import Answer
from connectors.kit.login_page import is_login_page, require_signed_in
from model.errors import LoginRejected

FORM = b'<html><form><input name="pw" TYPE="password"></form></html>'


@pytest.mark.parametrize(
    ("status", "location", "url", "body", "expected"),
    [
        (200, "", "https://acme.test/api", FORM, True),
        (200, "", "https://acme.test/login.do", b"\n<html>Welcome</html>", True),
        (200, "", "https://acme.test/access/unauthenticated", b"<p>Who are you?</p>", True),
        (302, "https://acme.test/login?to=/api", "https://acme.test/api", b"", True),
        (302, "/access/unauthenticated", "https://acme.test/api", b"", True),
        (302, "https://acme.test/?ec=302&startURL=%2Fapi", "https://acme.test/api", b"", True),
        (302, "https://acme.test/elsewhere", "https://acme.test/api", b"", False),
        (204, "", "https://acme.test/api", b"", False),
        (200, "", "https://acme.test/api", b"<html>Your instance is hibernating</html>", False),
        (200, "", "https://acme.test/login", b'{"password": "<input type=password>"}', False),
    ],
)
def test_what_is_a_page_to_log_in(status: int, location: str, url: str, body: bytes, *, expected: bool) -> None:
    answer = Answer(status, {"location": location}, body, url)
    assert is_login_page(answer) is expected
    if expected:
        with pytest.raises(LoginRejected, match=r"acme: https://acme\.test/.* with a page to log in; check the credentials"):
            require_signed_in("acme", answer)
    else:
        assert require_signed_in("acme", answer) is answer
