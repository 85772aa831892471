"""Pictures in the texts of work items: files of the item, by their address.

A picture that somebody pasted is a file that is stored, but not linked to the item; all of them are called `image.png`. It is one of the
item's files all the same, under a name of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

from connectors.kit.html import clean
from model.pictures import is_name, name_in, retargeted, target_of

NOTHING = "00000000-0000-0000-0000-000000000000"
"""Leads nowhere: the file is not there yet."""
PASTED = "image.png"

_ADDRESS = re.compile(r"(https?://[^?#]+)/_apis/wit/attachments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\?([^#]*))?", re.IGNORECASE)
_FORMER = re.compile(r"https://([^./]+)\.visualstudio\.com(?:/DefaultCollection)?", re.IGNORECASE)


@dataclass(frozen=True)
class Files:
    """The files of one item by their ids, linked ones first, and the address of the organization, empty where nothing is known."""

    address: str = ""
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def address_of(self, target: str) -> str:
        """Where a picture of neutral text is to be seen."""
        name = name_in(target)
        if not name:
            return target
        known = next((one for one, called in self.names.items() if called == name), NOTHING)
        return f"{self.address}/_apis/wit/attachments/{known}?fileName={quote(name, safe='')}"

    def target_of(self, address: str) -> str:
        """What a picture at the address shows, in neutral text."""
        found = self._found(address)
        return target_of(found[1]) if found else address

    def pasted(self, body: str, *, markdown: bool) -> Iterator[tuple[str, str]]:
        """Ids and names of the files that a text shows and that the item does not link."""
        if "/_apis/wit/attachments/" not in body:
            return
        shown: list[str] = []

        def noted(address: str) -> str:
            shown.append(address)
            return address

        _ = retargeted(body, noted) if markdown else clean(body, noted)
        for address in shown:
            found = self._found(address)
            if found and found[0] not in {*self.names, NOTHING}:
                yield found

    def _found(self, address: str) -> tuple[str, str] | None:
        """Id and name of a file of this organization."""
        found = _ADDRESS.fullmatch(address)
        if found is None or not self._is_here(found[1]):
            return None
        identity = found[2].lower()
        name = self.names.get(identity) or _told_name(identity, found[3] or "")
        return (identity, name) if is_name(name) else None

    def _is_here(self, place: str) -> bool:
        root, here = _root(self.address), _root(place)
        return bool(root) and (here == root or here.startswith(f"{root}/"))


def _told_name(identity: str, query: str) -> str:
    told = {name.lower(): values[0] for name, values in parse_qs(query).items()}.get("filename", "")
    return f"image-{identity[:8]}.png" if told.lower() == PASTED and identity != NOTHING else told


def _root(address: str) -> str:
    """In one form: an organization has two addresses."""
    return _FORMER.sub(r"https://dev.azure.com/\1", address).casefold()
