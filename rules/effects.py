"""What a script asks for beside the properties it sets."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Effects:
    """`connect` is the id or key of an existing item to pair with, `also` the keys of further items to bring under sync.

    `lines` is what the script wrote to its log, `told` what a traced script's statements gave, by their offsets.
    """

    unlink: bool = False
    sync_back: bool = False
    handled: bool = False
    goes_on: bool = False
    connect: str = ""
    also: list[str] = field(default_factory=list[str])
    lines: list[str] = field(default_factory=list[str])
    told: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
