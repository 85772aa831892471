"""The signs of Jira's wiki markup that reading and writing agree on."""

import html
import re

STASH, UNSTASH, GUARD = "\ue000", "\ue001", "\ue002"
OURS = str.maketrans("", "", STASH + UNSTASH + GUARD)
"""Takes our own signs out of a text."""
STASHED = re.compile(f"{STASH}(\\d+){UNSTASH}")
"""A passage that was set aside, by its number. A guard stands before what Markdown would take for the beginning of a block."""

COLOUR = re.compile(r"\{color:([#\w]+)\}(.*?)\{color\}", re.DOTALL)
LINK = re.compile(r"\[((?:\\.|[^\]\[\\\n])+)\]")
URL = re.compile(r"(?:https?|ftp)://(?:(?!&#)[^\s\[\]{}|\\!*<>\"\ue000\ue001])*[^\s\[\]{}|\\!*<>\"\ue000\ue001.,;:?'_\-+^~)(&]")
IMAGE = re.compile(r"!([^\s!|\\{}][^!|\n\\{}]*?\.[A-Za-z0-9]{2,5}(?:\?[^\s!|\\{}]*)?|https?://[^\s!|\\{}]+)(?:\|([\w=%., #-]+))?!")
IMAGE_TITLE = "image!"
"""What the title of a link begins with that stands for an image; what follows are the image's attributes."""
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")

_TARGET = re.compile(r"(?:(?:https?|ftps?|file|news|irc)://|mailto:|tel:|//)\S+|[#^][^\s|][^|]*", re.IGNORECASE)


def is_target(text: str) -> bool:
    """Whether Jira makes a link to it; other brackets stay brackets."""
    return _TARGET.fullmatch(text) is not None


def name_of(target: str) -> str:
    """The last part of an image's address."""
    return target.rpartition("/")[2] or target


def entities(text: str) -> str:
    """The text with its entities as the signs that they mean."""
    return ENTITY.sub(lambda found: html.unescape(found[0]), text)
