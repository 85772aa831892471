"""The judge of comments, files and work logs: one copy each, none copied back, texts in line, what is internal stays so."""

from collections.abc import Iterator
from itertools import pairwise

from model.words import Side
from tests.simulation.profile import Profile
from tests.simulation.replayed import Child, Seen, ancestors, without_author

EDITED = "edited:"
NAMED = {Side.LEFT: "Ann", Side.RIGHT: "Bob"}


def findings(profile: Profile, left: Seen, right: Seen, conflicted: set[str]) -> Iterator[str]:
    """`conflicted` are the subjects of the pair's recorded conflicts."""
    for side, own, other in ((Side.LEFT, left, right), (Side.RIGHT, right, left)):
        for child in own.comments.values():
            if not child.ours:
                yield from _comment(profile, side, child, own, other, conflicted)
        for child in own.files.values():
            if not child.ours:
                yield from _file(profile, side, child, own, other)
        for child in own.works.values():
            if not child.ours:
                yield from _work(profile, side, child, own, other, conflicted)


def _token(child: Child) -> str:
    return child.text.split()[0]


def _with(token: str, item: Seen) -> list[Child]:
    return [one for one in item.comments.values() if token in one.text.split() and not one.text.startswith(EDITED)]


def _told_later(token: str, item: Seen) -> list[str]:
    """The texts that came as further comments, where nobody can edit the copy."""
    ours = (one.text for one in item.comments.values() if one.ours and one.text.startswith(EDITED))
    return [text for text in (without_author(one.removeprefix(EDITED).strip()) for one in ours) if token in text.split()]


def _comment(profile: Profile, side: Side, child: Child, own: Seen, other: Seen, conflicted: set[str]) -> Iterator[str]:
    token = _token(child)
    if len(_with(token, own)) > 1:
        yield f"S5: comment {token} was copied back to {side}"
    copies = _with(token, other)
    if sum(1 for copy in copies if not copy.deleted_by_people) > 1:
        yield f"S5: comment {token} has {len(copies)} copies"
        return
    there = profile.habits(side.other)
    crosses = not child.internal or (there.internal_comments and profile.sends_internal)
    if not crosses:
        return
    if child.alive and not copies:
        yield f"S5: comment {token} of {side} never arrived"
    for copy in copies:
        yield from _in_line(profile, side, child, copy, conflicted)
        if profile.habits(side).edits_comments and not there.edits_comments and child.alive and copy.alive:
            yield from _told(side, child, copy, _told_later(token, other))


def _told(side: Side, child: Child, copy: Child, later: list[str]) -> Iterator[str]:
    now = child.text.strip()
    if now != (later[-1] if later else without_author(copy.text)):
        yield f"S5: comment {_token(child)} of {side} reads {now!r}, and the other side was told {later} after {copy.text!r}"
    if any(one == other for one, other in pairwise(later)):
        yield f"S5: an edit of comment {_token(child)} was told twice: {later}"


def _in_line(profile: Profile, side: Side, child: Child, copy: Child, conflicted: set[str]) -> Iterator[str]:
    here, there = profile.habits(side), profile.habits(side.other)
    token = _token(child)
    editable = here.edits_comments and there.edits_comments
    if child.alive and copy.alive and editable:
        yield from _latest(token, child, copy)
    if any(subject.startswith("comment") for subject in conflicted):
        return
    if child.alive and not copy.alive and not copy.deleted_by_people:
        yield f"S5: the copy of comment {token} was deleted, and the comment was not"
    if not child.alive and copy.alive and there.deletes_comments and not copy.edited_by_people:
        yield f"S5: comment {token} was deleted, and its copy was not"
    if child.alive and copy.alive and editable and without_author(copy.text) != child.text.strip():
        yield f"S5: comment {token} reads {child.text!r}, and its copy {copy.text!r}"


def _latest(token: str, child: Child, copy: Child) -> Iterator[str]:
    """Who edits what he sees is not in conflict with that."""
    seen, now = {**child.seen, **copy.seen}, without_author(child.text)
    for text in seen:
        if now in ancestors(text, seen):
            yield f"S3: comment {token} reads {now!r}, though {text!r} was written by someone who had seen that"


def _work(profile: Profile, side: Side, child: Child, own: Seen, other: Seen, conflicted: set[str]) -> Iterator[str]:
    if not (profile.left.work_logs and profile.right.work_logs):
        return
    token = _token(child)
    if sum(1 for one in own.works.values() if token in one.text.split()) > 1:
        yield f"S5: work log {token} was copied back to {side}"
    copies = [one for one in other.works.values() if token in one.text.split()]
    if sum(1 for copy in copies if not copy.deleted_by_people) > 1:
        yield f"S5: work log {token} has {len(copies)} copies"
    elif child.alive and not copies:
        yield f"S5: work log {token} of {side} never arrived"
    for copy in copies if not any(subject.startswith("work log") for subject in conflicted) else ():
        if child.alive and not copy.alive and not copy.deleted_by_people:
            yield f"S5: the copy of work log {token} was deleted, and the work log was not"
        if not child.alive and copy.alive and not copy.edited_by_people:
            yield f"S5: work log {token} was deleted, and its copy was not"
        if child.alive and copy.alive and copy.text != f"{NAMED[side]} logged: {child.text}":
            yield f"S5: work log {token} reads {child.text!r}, and its copy {copy.text!r}"


def _file(profile: Profile, side: Side, child: Child, own: Seen, other: Seen) -> Iterator[str]:
    if not (profile.left.attachments and profile.right.attachments):
        return
    if sum(1 for one in own.files.values() if one.text == child.text) > 1:
        yield f"S5: file {child.text} was copied back to {side}"
    copies = [one for one in other.files.values() if one.text == child.text]
    if sum(1 for copy in copies if not copy.deleted_by_people) > 1:
        yield f"S5: file {child.text} has {len(copies)} copies"
    if child.alive and not copies:
        yield f"S5: file {child.text} of {side} never arrived"
    for copy in copies:
        if child.alive and not copy.alive and not copy.deleted_by_people:
            yield f"S5: the copy of file {child.text} was deleted, and the file was not"
        if not child.alive and copy.alive:
            yield f"S5: file {child.text} was deleted, and its copy was not"
