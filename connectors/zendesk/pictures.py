"""Pictures in comments that show files of the ticket, by the address of the file, which tells its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

from model.pictures import is_name, name_in, target_of

PLACE = "/attachments/token/"
NOTHING = "pending"
"""The token of no file: it is not there yet."""


@dataclass(frozen=True)
class Files:
    """The addresses of a ticket's files by their names, and the account's, empty where nothing is known."""

    root: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])

    def address_of(self, target: str) -> str:
        """Where a picture of neutral text is to be seen."""
        name = name_in(target)
        if not name:
            return target
        return self.addresses.get(name) or f"{self.root}{PLACE}{NOTHING}/?name={quote(name, safe='')}"

    def target_of(self, address: str) -> str:
        """What a picture at the address shows, in neutral text."""
        known = next((name for name, one in self.addresses.items() if one == address), "")
        name = known or self._told(address)
        return target_of(name) if is_name(name) else address

    def _told(self, address: str) -> str:
        if not self.root or not address.casefold().startswith(f"{self.root}{PLACE}".casefold()):
            return ""
        return parse_qs(urlsplit(address).query).get("name", [""])[0]
