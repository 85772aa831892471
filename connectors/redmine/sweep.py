"""Looks again at what changed lately, one issue at a time: Redmine tells of edited notes and removed files in no listing.

Kept in memory only and for hints only: what a restart forgets is found when the issue is read next.
"""

from collections import OrderedDict

WIDTH = 50
UNREAD = ""


class Sweep:
    """The issues of each project that were handed out or read last, at most `WIDTH`, with the version they had when they were read."""

    def __init__(self) -> None:
        self._projects: dict[str, OrderedDict[str, str]] = {}

    def handed_out(self, project: str, issue_id: str) -> None:
        self._put(project, issue_id, UNREAD)

    def read(self, project: str, issue_id: str, version: str) -> None:
        self._put(project, issue_id, version)

    def forget(self, project: str, issue_id: str) -> None:
        self._projects.get(project, OrderedDict[str, str]()).pop(issue_id, None)

    def next(self, project: str) -> str | None:
        """The id of the issue that was looked at longest ago."""
        return next(iter(self._projects.get(project, ())), None)

    def has_moved(self, project: str, issue_id: str, version: str) -> bool:
        """Whether the issue, now at `version`, changed since it was read. It is the last in line afterwards."""
        before = self._projects[project].get(issue_id, UNREAD)
        self._put(project, issue_id, version)
        return before != version

    def _put(self, project: str, issue_id: str, version: str) -> None:
        line = self._projects.setdefault(project, OrderedDict())
        line[issue_id] = version
        line.move_to_end(issue_id)
        if len(line) > WIDTH:
            line.popitem(last=False)
