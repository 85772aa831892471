"""Plain text and Atlassian Document Format, as version 2 of the API converts them: paragraphs and line breaks only.

Data Center keeps wiki markup as it is sent.
"""

from pydantic import JsonValue


def document(text: str) -> dict[str, JsonValue]:
    """An ADF document with a paragraph for each block between empty lines."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": _lines(block)} for block in blocks]}


def _lines(block: str) -> list[JsonValue]:
    nodes: list[JsonValue] = []
    for number, line in enumerate(block.split("\n")):
        if number:
            nodes.append({"type": "hardBreak"})
        if line:
            nodes.append({"type": "text", "text": line})
    return nodes


def plain(node: JsonValue) -> str:
    """The words of an ADF document; wiki markup as it is."""
    match node:
        case str():
            return node
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "hardBreak"}:
            return "\n"
        case {"type": "mention", "attrs": {"text": str(text)}}:
            return text
        case {"type": "doc" | "bulletList" | "orderedList" | "blockquote" | "panel" as kind, "content": list(content)}:
            return ("\n\n" if kind == "doc" else "\n").join(plain(one) for one in content)
        case {"type": "listItem", "content": list(content)}:
            return "* " + "\n".join(plain(one) for one in content)
        case {"content": list(content)}:
            return "".join(plain(one) for one in content)
        case _:
            return ""


def is_document(value: JsonValue) -> bool:
    """Whether version 3 of the API would take the value as a document."""
    match value:
        case {"type": "doc", "version": int(), "content": list()}:
            return True
        case _:
            return False
