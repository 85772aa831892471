"""Pictures in Atlassian documents, of which some show files of the issue.

Those that people put there are nodes of Jira's media store, whose ids no API tells for a file: their alternative text is the file's name.
Ours are pictures from an address, which is that of the file on the same site. On the way through marklas, which knows no picture within a
line, each picture is a sign of its own.
"""

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, quote, unquote

from pydantic import JsonValue

from connectors.kit.richtext import from_adf, to_adf
from connectors.kit.safety import harmless
from model.item import Fields
from model.pictures import Picture, is_name, redrawn, target_of

NOTHING = "0"
"""The id of no file: it is not there yet."""

_SIGN = re.compile("\ue010(\\d+)\ue011")
_CONTENT = re.compile(r"/rest/api/\d+/attachment/content/(\d+)(?:\?([^#]*))?|/secure/attachment/(\d+)/([^/?#]+)")
_MARKUP = re.compile(r"[\\`*_\[\]<>!&~]")
_WEB = re.compile(r"https?://[^\s()<>]+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Files:
    """The files of one issue by their ids, and the address of the site, empty where nothing is known.

    `nodes` are the nodes of the pictures that its texts have already, by their targets, with sizes and places as people chose them.
    """

    site: str = ""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    nodes: Mapping[str, Fields] = field(default_factory=dict[str, Fields])

    def shown_in(self, *documents: JsonValue) -> "Files":
        """With the nodes of the documents."""
        found = {target: node for document in documents for target, node in _nodes(document, self)}
        return replace(self, nodes={**self.nodes, **found})

    def picture(self, media: JsonValue) -> Picture | None:
        """What a node shows: a file of the issue, or something from elsewhere on the web."""
        match media:
            case {"attrs": {"type": "external", "url": str(url)} as attributes}:
                name, alt = self._named(url), attributes.get("alt")
            case {"attrs": {"type": "file", "alt": str(alt)}} if alt in self.names.values():
                name, url = alt, ""
            case _:
                return None
        words = _MARKUP.sub(r"\\\g<0>", " ".join(alt.split())) if isinstance(alt, str) else ""
        if is_name(name) and (mimetypes.guess_type(name)[0] or "").startswith("image/"):
            return Picture(words, target_of(name))
        return Picture(words, url) if _WEB.fullmatch(url) else None

    def node(self, picture: Picture) -> Fields:
        """The node that shows it: as it is in the issue, else as a picture from an address."""
        known = self.nodes.get(picture.target)
        if known is not None and _drawn_by(known, self) == replace(picture, title=""):
            return known
        alt, url = _ESCAPED.sub(r"\1", picture.alt), picture.target
        if picture.name:
            identity = next((one for one, name in self.names.items() if name == picture.name), NOTHING)
            url = f"{self.site}/rest/api/3/attachment/content/{identity}?name={quote(picture.name, safe='')}"
        media: Fields = {"type": "media", "attrs": {"type": "external", "url": url, **({"alt": alt} if alt else {})}}
        return {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}

    def _named(self, url: str) -> str:
        """The file that is at the address; empty where it is not of this site."""
        if not self.site or not url.casefold().startswith(f"{self.site.casefold()}/"):
            return ""
        found = _CONTENT.fullmatch(url[len(self.site) :])
        if found is None:
            return ""
        told = parse_qs(found[2] or "").get("name", [unquote(found[4] or "")])
        return self.names.get(found[1] or found[3]) or told[0]


def read(document: JsonValue, files: Files) -> str:
    """Neutral text of a document."""
    pictures: list[Picture] = []
    text = from_adf(_taken(document, files, pictures))
    return _SIGN.sub(lambda found: _drawn(found, pictures), text)


def written(text: str, files: Files) -> dict[str, JsonValue]:
    """The document that shows neutral text."""
    if "![" not in text:
        return to_adf(text)
    pictures: list[Picture] = []
    document = to_adf(redrawn(harmless(text), lambda picture: _sign(picture, pictures) if _is_shown(picture) else str(picture)))
    (whole,) = _placed(document, pictures, files)
    return whole


def _is_shown(picture: Picture) -> bool:
    return bool(picture.name or _WEB.fullmatch(picture.target))


def _sign(picture: Picture, pictures: list[Picture]) -> str:
    pictures.append(picture)
    return f"\ue010{len(pictures) - 1}\ue011"


def _of(found: re.Match[str], pictures: list[Picture]) -> Picture | None:
    """None for a sign that somebody else wrote."""
    return next((one for number, one in enumerate(pictures) if str(number) == found[1]), None)


def _drawn(found: re.Match[str], pictures: list[Picture]) -> str:
    return str(_of(found, pictures) or "")


def _told(found: re.Match[str], pictures: list[Picture]) -> str:
    picture = _of(found, pictures)
    return f"[image: {picture.name or picture.target}]" if picture else ""


def _text(text: str) -> Fields:
    return {"type": "text", "text": text}


def _taken(node: JsonValue, files: Files, pictures: list[Picture]) -> JsonValue:
    """The node with a sign for every picture in it."""
    match node:
        case {"type": "mediaInline"} if picture := files.picture(node):
            return _text(_sign(picture, pictures))
        case {"type": "mediaSingle", "content": [media, *below]} if picture := files.picture(media):
            caption = [part for one in below if isinstance(one, dict) and isinstance(inside := one.get("content"), list) for part in inside]
            further: list[JsonValue] = [{"type": "hardBreak"}, *caption] if caption else []
            return {"type": "paragraph", "content": [_text(_sign(picture, pictures)), *further]}
        case {"type": "mediaGroup", "content": [_, *_] as group} if all(files.picture(one) for one in group):
            signs = [_sign(picture, pictures) for one in group if (picture := files.picture(one))]
            return {"type": "paragraph", "content": [_text(" ".join(signs))]}
        case {"content": list(inside)}:
            return {**node, "content": [_taken(one, files, pictures) for one in inside]}
        case _:
            return node


def _placed(node: Fields, pictures: list[Picture], files: Files) -> list[Fields]:
    """The node with its pictures in place of their signs; where no picture can be, with the words that it would show."""
    match node:
        case {"type": "paragraph", "content": list(inside)} if any(_SIGN.search(_words(one)) for one in inside):
            return list(_apart(node, inside, pictures, files))
        case {"type": "text", "text": str(text)}:
            return [{**node, "text": _SIGN.sub(lambda found: _told(found, pictures), text)}]
        case {"content": list(inside)}:
            return [{**node, "content": [part for one in inside if isinstance(one, dict) for part in _placed(one, pictures, files)]}]
        case _:
            return [node]


def _apart(paragraph: Fields, inside: list[JsonValue], pictures: list[Picture], files: Files) -> Iterator[Fields]:
    """A paragraph around its pictures, which stand between paragraphs unless people put one of them within a line."""
    line: list[JsonValue] = []
    for part in inside:
        for piece in _pieces(part, pictures):
            node = files.node(piece) if isinstance(piece, Picture) else piece
            if node.get("type") != "mediaSingle":
                line.append(node)
                continue
            yield from _lines(paragraph, line)
            line = []
            yield node
    yield from _lines(paragraph, line)


def _pieces(part: JsonValue, pictures: list[Picture]) -> Iterator[Picture | Fields]:
    if not isinstance(part, dict):
        return
    at = 0
    text = _words(part)
    for found in _SIGN.finditer(text):
        if text[at : found.start()]:
            yield {**part, "text": text[at : found.start()]}
        if picture := _of(found, pictures):
            yield picture
        at = found.end()
    if not at:
        yield part
    elif text[at:]:
        yield {**part, "text": text[at:]}


def _lines(paragraph: Fields, line: list[JsonValue]) -> Iterator[Fields]:
    """The paragraph of that content, without breaks and blanks around it; none where nothing is left."""
    while line and _is_blank(line[0]):
        line = line[1:]
    while line and _is_blank(line[-1]):
        line = line[:-1]
    if line:
        yield {**paragraph, "content": line}


def _is_blank(node: JsonValue) -> bool:
    match node:
        case {"type": "hardBreak"}:
            return True
        case {"type": "text", "text": str(text)}:
            return not text.strip()
        case _:
            return False


def _words(node: JsonValue) -> str:
    match node:
        case {"type": "text", "text": str(text)}:
            return text
        case _:
            return ""


def _nodes(node: JsonValue, files: Files) -> Iterator[tuple[str, Fields]]:
    """The nodes of pictures below that are not for us to write anew, by their targets."""
    match node:
        case {"type": "mediaInline" | "mediaSingle"}:
            picture = _drawn_by(node, files)
            if picture and not (picture.name and '"external"' in json.dumps(node)):
                yield picture.target, node
        case {"content": list(inside)}:
            for one in inside:
                yield from _nodes(one, files)
        case _:
            return


def _drawn_by(node: Fields, files: Files) -> Picture | None:
    match node:
        case {"type": "mediaSingle", "content": [media]}:
            return files.picture(media)
        case _:
            return files.picture(node)
