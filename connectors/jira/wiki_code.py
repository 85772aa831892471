"""Code in Jira's wiki markup. Pure.

Jira shows an error in place of the highlighting of a language that it does not know, so such a language is told as the title.
"""

import re

LANGUAGES = frozenset(
    {"actionscript", "ada", "applescript", "bash", "c", "c#", "c++", "cpp", "css", "erlang", "go", "groovy", "haskell", "html", "java",
     "javascript", "js", "json", "lua", "none", "nyan", "objc", "perl", "php", "python", "r", "rainbow", "ruby", "scala", "sh", "sql",
     "swift", "visualbasic", "xml", "yaml"}
)  # fmt: skip
ALIASES = {
    "console": "bash", "shell": "bash", "zsh": "bash", "cs": "c#", "csharp": "c#", "golang": "go", "py": "python", "python3": "python",
    "rb": "ruby", "yml": "yaml", "vb": "visualbasic", "objective-c": "objc", "objectivec": "objc", "hs": "haskell", "htm": "html",
    "node": "javascript", "jsx": "javascript",
}  # fmt: skip

_WORD = re.compile(r"[\w+#.-]+")
_BROKEN = "{\u200b"


def read_code(parameters: str) -> tuple[str | None, str]:
    """Language and title of `{code:...}`; a title of one word stands for the language that is missing."""
    language, title = None, ""
    for one in filter(None, parameters.split("|")):
        name, equals, value = one.partition("=")
        if not equals:
            language = name.strip()
        elif name.strip() == "language":
            language = value.strip()
        elif name.strip() == "title":
            title = value.strip()
    if language is None and _WORD.fullmatch(title) and "." not in title:
        return title, ""
    return (None if language == "none" else language), title


def write_code(language: str, content: str) -> str:
    """`{noformat}` where no language is told."""
    word = language.strip().partition(" ")[0].casefold()
    known = ALIASES.get(word, word)
    macro = "code" if known else "noformat"
    if f"{{{macro}}}" in content:
        macro = "code" if macro == "noformat" else "noformat"
    content = content.replace(f"{{{macro}}}", f"{_BROKEN}{macro}}}")
    parameters = "" if macro == "noformat" or not _WORD.fullmatch(known) else f":{known}" if known in LANGUAGES else f":title={known}"
    return f"{{{macro}{parameters}}}\n{content}\n{{{macro}}}"
