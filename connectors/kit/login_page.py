"""A page to log in where an API's answer should be: some platforms send one, with 200 or a redirect, to who is not known any more."""

import re
from urllib.parse import urlsplit

from connectors.kit.http import Answer
from model.errors import LoginRejected

_PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_PLACE = re.compile(r"/(?:login|log_in|signin|sign_in|unauthenticated|auth_redirect|saml|sso)(?:[./]|$)", re.IGNORECASE)


def is_login_page(answer: Answer) -> bool:
    """Whether the answer is a form that asks for a password, a page at an address for logging in, or the way to one."""
    if 300 <= answer.status < 400:
        return _leads_to_one(answer.headers.get("location", ""))
    if answer.body.lstrip()[:1] != b"<":
        return False
    return _leads_to_one(answer.url) or _PASSWORD.search(answer.body) is not None


def _leads_to_one(address: str) -> bool:
    """By its path, or as Salesforce does by the place to return to."""
    parts = urlsplit(address)
    return _PLACE.search(parts.path) is not None or "startURL=" in parts.query


def require_signed_in(system: str, answer: Answer) -> Answer:
    """The answer; LoginRejected where it is a page to log in. Nothing was done then, not even by a write."""
    if is_login_page(answer):
        what = f"{answer.url} answered {answer.status} with a page to log in"
        raise LoginRejected(f"{system}: {what}; check the credentials and that the account is active")
    return answer
