"""Secrets at rest: one master key from outside, a subkey per purpose, and ciphertexts bound to the place where they are stored."""

import base64
import binascii
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from model.errors import BadInput, Misconfigured

VARIABLE = "TWINLINE_SECRET_KEY"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_LEAST_DISTINCT = 12
_SAMPLE_WORDS = (b"change", b"secret", b"sample", b"example", b"password", b"default", b"twinline", b"test", b"abcdef", b"012345")
_ADVICE = "set it to the output of: openssl rand -base64 32"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext is stored; it opens nowhere else."""

    table: str
    column: str
    row: str
    workspace: str

    @property
    def bound(self) -> bytes:
        return f"{self.table}|{self.column}|{self.row}|{self.workspace}".encode()


class MasterKey:
    """The key that all others come from. Made of base64 text of at least 32 bytes.

    Raises BadInput, naming the variable only, for text that is short, malformed or a well-known sample.
    """

    __slots__ = ("_master", "_seal", "id")

    def __init__(self, text: str) -> None:
        self._master = _decode(text)
        self._seal = AESGCM(self.subkey("store"))
        self.id = self.subkey("key-id")[:4].hex()

    @classmethod
    def load_or_create(cls, path: Path) -> "MasterKey":
        """The key in the file at `path`, which is made, readable by its owner only, where there is none."""
        if not path.exists():
            _create(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadInput(f"others may read the key file {str(path)!r}; run: chmod 600 {path}")
        return cls(path.read_text(encoding="ascii", errors="replace"))

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"

    def subkey(self, purpose: str) -> bytes:
        """32 bytes that are the same for the same purpose and tell nothing of the others."""
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"twinline {purpose}".encode()).derive(self._master)

    def seal(self, text: str, place: Place) -> str:
        """`v1|key id|nonce|ciphertext`, bound to `place`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._seal.encrypt(nonce, text.encode(), place.bound)
        return "|".join(("v1", self.id, _base64url(nonce), _base64url(sealed)))

    def unseal(self, stored: str, place: Place) -> str:
        """What `seal` was given. Raises Misconfigured for another key, another place, or a changed ciphertext."""
        what = f"{place.column} of {place.table} {place.row!r}"
        match stored.split("|"):
            case ["v1", key_id, nonce, sealed] if key_id == self.id:
                pass
            case ["v1", key_id, _, _]:
                raise Misconfigured(f"{what} is stored under key {key_id!r} and {VARIABLE} is {self.id!r}; restore that key or set it anew")
            case _:
                raise Misconfigured(f"{what} is stored in an unknown form; set it anew")
        try:
            return self._seal.decrypt(_from_base64url(nonce), _from_base64url(sealed), place.bound).decode()
        except (InvalidTag, ValueError) as error:
            raise Misconfigured(f"{what} was changed or moved in the database and does not open; set it anew") from error


def _decode(text: str) -> bytes:
    try:
        master = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(f"{VARIABLE} is not base64; {_ADVICE}") from None
    if len(master) < _KEY_BYTES:
        raise BadInput(f"{VARIABLE} is missing or shorter than {_KEY_BYTES} bytes; {_ADVICE}")
    lowered = master.lower()
    if len(set(master)) < _LEAST_DISTINCT or master.startswith(bytes(range(8))) or any(word in lowered for word in _SAMPLE_WORDS):
        raise BadInput(f"{VARIABLE} is a sample value that others know; {_ADVICE}")
    return master


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    """Raises ValueError also for text that decodes but is not what `_base64url` writes."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data
