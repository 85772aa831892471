"""How the fake's app proves itself: by a JSON Web Token, which GitHub checks in this way.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
"""

from typing import Any

import jwt

from connectors.github.fake_state import App

LONGEST_SECONDS = 600
BAD = "A JSON web token could not be decoded"


def fault(app: App, proof: str) -> str:
    """GitHub's words for what is wrong with it, empty if nothing is. Where no key is known, any signature will do."""
    try:
        claims = _claims(app, proof)
    except jwt.ExpiredSignatureError:
        return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
    except jwt.ImmatureSignatureError:
        return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
    except jwt.PyJWTError:
        return BAD
    if claims["exp"] - claims["iat"] > LONGEST_SECONDS:
        return "'Expiration time' claim ('exp') is too far in the future"
    return "" if str(claims["iss"]) in {str(app.id), app.client_id} else "Integration not found"


def _claims(app: App, proof: str) -> dict[str, Any]:
    required = ["iat", "exp", "iss"]
    if app.public_key:
        return jwt.decode(proof, app.public_key, algorithms=["RS256"], options={"require": required})
    if jwt.get_unverified_header(proof).get("alg") != "RS256":
        raise jwt.InvalidAlgorithmError(BAD)
    return jwt.decode(proof, options={"require": required, "verify_signature": False, "verify_exp": True, "verify_iat": True})
