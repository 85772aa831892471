"""Panels: Jira's wiki markup knows them by colour and title, Atlassian documents by kind. Pure.

The colours are those by which Jira's own editor tells the kinds apart. A title is a first line that is wholly bold; what else the markup
says of a panel travels unseen with it.
"""

from collections.abc import Sequence
from typing import Literal, cast

from marklas import ast

from connectors.jira.wiki_frames import bold, framed
from connectors.jira.wiki_inline import unescaped

PanelType = Literal["info", "note", "tip", "warning", "error", "success", "custom"]

COLOURS: dict[PanelType, str] = {
    "info": "#deebff",
    "note": "#eae6ff",
    "success": "#e3fcef",
    "warning": "#fffae6",
    "error": "#ffebe6",
}
KINDS: dict[str, PanelType] = {colour: kind for kind, colour in COLOURS.items()}

_SIGNS = frozenset("|{}=\\")
_HELD = (ast.Paragraph, ast.Heading, ast.BulletList, ast.OrderedList, ast.CodeBlock, ast.TaskList, ast.Rule)


def panels(parameters: str, blocks: Sequence[ast.Node]) -> list[ast.Node]:
    """Panels of the blocks, each with what `{panel:...}` says, the title in the first."""
    told = {name: value for name, _, value in (one.partition("=") for one in parameters.split("|") if "=" in one)}
    title, colour = unescaped(told.pop("title", "")).strip(), told.pop("bgColor", "").lower()
    kind: PanelType = KINDS.get(colour, "custom")
    rest = "|".join(f"{name}={value}" for name, value in told.items())
    heading = [ast.Paragraph(bold([ast.Text(title)]))] if title else []

    def frame(held: list[ast.Node]) -> ast.Node:
        content = cast("list[ast.PanelContent]", held)
        return ast.Panel(kind, content, panel_icon_id=rest or None, panel_color=colour or None if kind == "custom" else None)

    return framed([*heading, *blocks], _HELD, frame)


def told(panel: ast.Panel) -> tuple[str, Sequence[ast.Node]]:
    """What stands in `{panel:...}`, and the blocks inside."""
    title, content = _title(panel.content)
    colour = COLOURS.get("success" if panel.panel_type == "tip" else panel.panel_type, panel.panel_color or "")
    known = {"title": title, "bgColor": colour}
    parts = [f"{name}={value}" for name, value in known.items() if value] + ([panel.panel_icon_id] if panel.panel_icon_id else [])
    return "|".join(parts), content


def _title(content: Sequence[ast.Node]) -> tuple[str, Sequence[ast.Node]]:
    """The title apart, if the first line can be one."""
    match list(content):
        case [ast.Paragraph(content=[ast.Text(text=text, marks=[ast.StrongMark()])]), *rest] if text.strip() and not set(text) & _SIGNS:
            return text.strip(), rest
        case _:
            return "", content
