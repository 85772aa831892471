"""An item's updates as changes of hub properties, pure.

https://learn.microsoft.com/rest/api/azure/devops/wit/updates/list?view=azure-devops-rest-7.1
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from connectors.azure_devops import mapping
from connectors.azure_devops.mapping import Kind
from connectors.azure_devops.payloads import UpdatePayload
from connectors.azure_devops.pictures import Files
from connectors.azure_devops.text import NO_FILES
from connectors.kit.interface import FieldChange


def changes_of(
    updates: Sequence[UpdatePayload], kind: Kind, since: datetime, me: str, markdown: Collection[str] = (), files: Files = NO_FILES
) -> tuple[FieldChange, ...]:
    """What changed at or after `since`, oldest first; links, and so the parent, are not told. Fields in `markdown` hold Markdown now."""
    found: list[FieldChange] = []
    for one in sorted(updates, key=lambda one: one.id):
        changed = one.fields.get(mapping.CHANGED)
        at = (mapping.moment(changed.new_value) if changed else None) or one.revised_date
        if at < since:
            continue
        for reference, values in one.fields.items():
            if reference in mapping.NOISE or reference in {mapping.CHANGED, mapping.CREATED, mapping.CREATED_BY}:
                continue
            formatted = reference in markdown
            field, new = mapping.hub_field(reference, values.new_value, kind, files, markdown=formatted)
            old = mapping.hub_field(reference, values.old_value, kind, files, markdown=formatted)[1]
            found.append(FieldChange(field=field, old=old, new=new, at=at, ours=one.revised_by.id == me))
    return tuple(found)
