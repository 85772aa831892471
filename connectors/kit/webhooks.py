"""Signatures of webhook calls."""

import hashlib
import hmac

from model.errors import TwinlineError


class Forged(TwinlineError):
    """The call does not carry a valid signature; nothing in it may be used."""


def require_hex_signature(body: bytes, secret: str, header: str | None) -> None:
    """Check `sha256=<hex of HMAC-SHA256(secret, body)>`, the form that GitHub and Jira send, in constant time."""
    if header is None:
        raise Forged("the webhook call carries no signature; set the same secret here and in the platform's webhook")
    if not hmac.compare_digest(hex_signature(body, secret).encode(), header.encode()):
        raise Forged("the webhook call's signature does not fit the system's webhook_secret")


def hex_signature(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
