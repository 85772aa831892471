"""What may stand in a quote, a panel or a table's cell; other blocks are taken out of it, or told as text. Pure."""

from collections.abc import Callable, Sequence
from typing import cast

from marklas import ast

_QUOTED = (ast.Paragraph, ast.OrderedList, ast.BulletList, ast.CodeBlock)


def framed(blocks: Sequence[ast.Node], allowed: tuple[type[ast.Node], ...], frame: Callable[[list[ast.Node]], ast.Node]) -> list[ast.Node]:
    """The blocks in frames; what none may hold stands between them."""
    made: list[ast.Node] = []
    held: list[ast.Node] = []
    for one in blocks:
        if isinstance(one, allowed):
            held.append(one)
            continue
        made += [frame(held), one] if held else [one]
        held = []
    return [*made, frame(held)] if held else made


def quotes(blocks: Sequence[ast.Node]) -> list[ast.Node]:
    """Quotes of the blocks, with a heading as a bold line."""
    lines = [ast.Paragraph(bold(one.content)) if isinstance(one, ast.Heading) else one for one in blocks]
    return framed(lines, _QUOTED, lambda held: ast.Blockquote(cast("list[ast.BlockquoteContent]", held)))


def in_cell(blocks: Sequence[ast.Node]) -> list[ast.TableCellContent]:
    """The blocks of a cell, at least one; a table in it is told by its rows."""
    told = [line for one in blocks for line in (_rows(one) if isinstance(one, ast.Table) else [one])]
    return cast("list[ast.TableCellContent]", told or [ast.Paragraph()])


def bold(inlines: Sequence[ast.Inline]) -> list[ast.Inline]:
    return [ast.Text(one.text, [*one.marks, ast.StrongMark()]) if isinstance(one, ast.Text) else one for one in inlines]


def _rows(table: ast.Table) -> list[ast.Node]:
    return [ast.Paragraph(_joined(row.content)) for row in table.content]


def _joined(cells: Sequence[ast.TableCell]) -> list[ast.Inline]:
    told: list[ast.Inline] = []
    for cell in cells:
        for block in cell.content:
            if isinstance(block, ast.Paragraph | ast.Heading):
                told += [ast.Text(" | "), *block.content] if told else block.content
    return told
