"""Mentions of people of this Jira, as the neutral form annotates them: Cloud knows them by account id, Data Center by name."""

import re
from collections.abc import Callable

from model.mentions import Mention, redrawn

_SAFE = re.compile(r"[\w.:@+-]+")


def annotated(text: str, key: Callable[[Mention], str]) -> str:
    """The text with annotations in place of mentions; with the plain name where a mention has no `key`."""

    def draw(mention: Mention) -> str:
        found = key(mention)
        return f"""<span adf="mention" params='{{"id":"{found}"}}'>{mention.plain}</span>""" if _SAFE.fullmatch(found) else mention.plain

    return redrawn(text, draw)
