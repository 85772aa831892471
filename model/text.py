"""Text that means the same however a platform stored it."""

import re

_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_MANY_BLANK = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """Line ends as LF, no trailing blanks, at most one empty line in a row, nothing around."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MANY_BLANK.sub("\n\n", _TRAILING.sub("", unified)).strip()
