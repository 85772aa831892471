"""Processor time and memory of processes, as Linux tells them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from model.errors import Misconfigured

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Processes:
    """The parts of a running deployment; `record` is what it keeps of their process ids."""

    record: Path

    def id_of(self, part: str) -> int:
        return json.loads(self.record.read_text())[part]

    def cpu(self, *parts: str) -> float:
        """Seconds that the parts have used together."""
        return sum(cpu(self.id_of(part)) for part in parts)


def require_linux() -> None:
    """Misconfigured where there is no /proc to read."""
    if not (_PROC / "self" / "statm").exists():
        raise Misconfigured("the bench reads /proc; run it on Linux")


def cpu(pid: int) -> float:
    """Seconds of user and system time."""
    after_name = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICK


def memory(pid: int) -> int:
    """Resident bytes."""
    return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
