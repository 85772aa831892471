"""What `twinline up` calls its own API with: a token for as long as it runs, in a file that only its user can read."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

PREFIX = "twl_up"
_SECRET_BYTES = 32


def leave(file: Path) -> SecretStr:
    """A new token, which the file has from now on in place of an earlier one."""
    token = f"{PREFIX}_{secrets.token_hex(_SECRET_BYTES)}"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(token)
    return SecretStr(token)


def left(file: Path) -> SecretStr | None:
    """The token in the file; None if `twinline up` does not run over the folder."""
    try:
        return SecretStr(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
