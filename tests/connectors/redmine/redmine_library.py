"""What an independent client library does with a Redmine: python-redmine (https://python-redmine.com)."""

import io
import warnings
from typing import Any

from redmine_site import Site


def go_through(site: Site) -> list[object]:
    """One life of an issue as `ann`; blocking, with what the library read at each step."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from redminelib import Redmine  # noqa: PLC0415  pyright: ignore[reportMissingTypeStubs]
    library: Any = Redmine(site.url, key=site.keys["ann"])
    seen: list[object] = [library.auth().login, library.project.get("sync").name, [one.name for one in library.tracker.all()]]
    seen.append([one.name for one in library.issue_status.all() if one.is_closed])
    seen.append([one.name for one in library.enumeration.filter(resource="issue_priorities")][:2])
    upload = {"path": io.BytesIO(b"from a library"), "filename": "a.txt", "content_type": "text/plain", "description": "a file"}
    issue = library.issue.create(project_id="sync", subject="By a library", description="one\ntwo", tracker_id=3, uploads=[upload])
    seen += [issue.description, issue.status.name, issue.author.name]
    library.issue.update(issue.id, notes="Noted", private_notes=True, status_id=2)
    again = library.issue.get(issue.id, include=["journals", "attachments"])
    seen += [again.status.name, [one.notes for one in again.journals], [one.private_notes for one in again.journals]]
    noted = next(one for one in again.journals if one.notes)
    library.issue_journal.update(noted.id, notes="Noted twice")
    seen.append([one.notes for one in library.issue.get(issue.id, include=["journals"]).journals if one.notes])
    file = again.attachments[0]
    seen += [file.filename, file.description, b"".join(file.download().iter_content(4096))]
    library.attachment.delete(file.id)
    seen.append(len(library.issue.get(issue.id, include=["attachments"]).attachments))
    filtered = library.issue.filter(project_id="sync", status_id="*", subject="~By a library", sort="id:desc")
    seen.append(issue.id in [one.id for one in filtered])
    seen.append({one.user.name for one in library.project_membership.filter(project_id="sync")})
    library.issue.delete(issue.id)
    return seen


EXPECTED: list[object] = [
    "ann",
    "Sync",
    ["Bug", "Feature", "Support"],
    ["Closed", "Rejected"],
    ["Low", "Normal"],
    "one\r\ntwo",
    "New",
    "Ann Archer",
    "In Progress",
    [None, "Noted"],
    [False, True],
    ["Noted twice"],
    "a.txt",
    "a file",
    b"from a library",
    0,
    True,
    {"Twin Agent", "Ann Archer", "Bob Baker"},
]
