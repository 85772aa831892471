"""The page of the fake organization for people: its work items with what was said about them."""

from collections.abc import Sequence

from connectors.azure_devops.fake_render import View, when
from connectors.azure_devops.fake_state import Organization, WorkItem
from connectors.azure_devops.text import received
from connectors.kit.fake_page import Entry, Note

_SHOWN = ("AreaPath", "IterationPath", "State", "Reason", "Tags")


def entries(organization: Organization) -> Sequence[Entry]:
    """All items that are not in the recycle bin."""
    return [_entry(organization, one) for one in organization.items.values() if not one.deleted]


def _entry(organization: Organization, item: WorkItem) -> Entry:
    fields = View(organization, "").fields(item, item.now, combined=True)
    facts = (
        ("project", item.project),
        *((name, str(fields.get(f"System.{name}", ""))) for name in _SHOWN),
        ("Assigned To", str(fields.get("System.AssignedTo", ""))),
        ("Priority", str(fields.get("Microsoft.VSTS.Common.Priority", ""))),
        ("changed", when(item.now.at)),
    )
    described = str(fields.get("Microsoft.VSTS.TCM.ReproSteps") or fields.get("System.Description") or "")
    notes = tuple(
        Note(one.author.display_name, when(one.created), _plain(one.text, one.format)) for one in item.comments if not one.deleted
    )
    files = tuple(organization.files[one.target].name for one in item.now.relations if one.rel == "AttachedFile")
    return Entry(f"{item.type} {item.id}", str(fields["System.Title"]), facts, _plain(described), notes, files)


def _plain(text: str, kind: str = "html") -> str:
    return received(text, markdown=kind == "markdown")[0]
