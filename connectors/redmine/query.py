"""Trigger queries: the filters of Redmine's own issue list addresses, such as `tracker_id=1&status_id=open&cf_3=~printer`.

https://www.redmine.org/projects/redmine/wiki/Rest_Issues
"""

import re
from urllib.parse import parse_qsl

from model.errors import BadInput

FILTERS = frozenset(
    {
        "assigned_to_id", "assigned_to_role", "attachment", "attachment_description", "author_id", "author.group", "author.role", "blocked",
        "blocks", "category_id", "child_id", "closed_on", "copied_from", "copied_to", "created_on", "description", "done_ratio", "due_date",
        "duplicated", "duplicates", "estimated_hours", "fixed_version.due_date", "fixed_version.status", "fixed_version_id", "follows",
        "is_private", "issue_id", "last_updated_by", "member_of_group", "notes", "parent_id", "precedes", "priority_id", "relates",
        "spent_time", "start_date", "status_id", "subject", "tracker_id", "updated_by", "updated_on", "watcher_id",
    }
)  # fmt: skip
_CUSTOM = re.compile(r"(?:author\.|assigned_to\.|category\.|fixed_version\.)?cf_\d+(?:\.due_date|\.status)?")


def parse(query: str) -> dict[str, str]:
    """The filters by name. BadInput for a name that Redmine does not know: it would leave that filter aside and find too much."""
    text = query.strip().lstrip("?")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=50)
    except ValueError as error:
        raise BadInput(f"the query {query!r} is not of the form 'tracker_id=1&status_id=open'") from error
    for name, value in pairs:
        if name not in FILTERS and _CUSTOM.fullmatch(name) is None:
            raise BadInput(f"Redmine has no issue filter {name!r}; filters: {', '.join(sorted(FILTERS))}, cf_N for custom field N")
        if not value:
            raise BadInput(f"the filter {name!r} needs a value, such as {name}=1 or {name}=* for any")
    filters = dict(pairs)
    if len(filters) < len(pairs):
        raise BadInput("a filter appears twice in the query; write several values as name=1|2")
    return filters
