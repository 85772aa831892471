"""Trees of rich text that people could have written, for Hypothesis."""

from typing import cast

from hypothesis import strategies as st
from marklas import ast

from connectors.jira.wiki_panels import PanelType

SIGNS = " *_-+^~?{}[]!|\\#&<>():;.,/`\"'=@%"
WORDS = st.text(st.sampled_from("abz019éß世" + SIGNS), min_size=1, max_size=12).filter(lambda text: text.strip() != "")
MARKED = st.builds(
    "{}{}{}".format, st.sampled_from("abz0é"), st.text(st.sampled_from("ab世" + SIGNS), max_size=6), st.sampled_from("abz0é")
)
NAMES = st.sampled_from(["ann", "bob.baker", "j_doe", "bob@acme.test"])
ADDRESSES = st.sampled_from(["https://acme.test/a_b-c*d?e=f&g=1#h", "http://acme.test/(x)", "mailto:ann@acme.test", "#top", "^log 1.txt"])
PICTURES = st.sampled_from(["screen.png", "my screen.png", "https://acme.test/a_b.gif", "ü.jpg"])
MARKS: list[ast.Mark] = [
    ast.StrongMark(), ast.EmMark(), ast.StrikeMark(), ast.UnderlineMark(), ast.SubSupMark("sup"), ast.SubSupMark("sub"),
    ast.TextColorMark("#ff5630"), ast.TextColorMark("red"),
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> ast.Text:
    marks = draw(st.lists(st.sampled_from(MARKS), max_size=3, unique_by=type))
    link = draw(st.none() | ADDRESSES)
    if link is not None:
        marks.append(ast.LinkMark(link))
    if draw(st.booleans()) and not marks:
        marks.append(ast.CodeMark())
    return ast.Text(draw(MARKED if marks else WORDS), marks)


PICTURE = PICTURES.map(lambda name: ast.Text(name.rpartition("/")[2], [ast.LinkMark(name, "image!")]))
INLINES = st.one_of(texts(), texts(), texts(), NAMES.map(lambda name: ast.Mention(name, f"@{name}")), PICTURE, st.just(ast.HardBreak()))
RUNS = st.lists(INLINES, min_size=1, max_size=5).map(lambda run: cast("list[ast.Inline]", run))
PARAGRAPHS = RUNS.map(ast.Paragraph)


def _code(language: str | None, lines: list[str]) -> ast.CodeBlock:
    return ast.CodeBlock(language, [ast.Text("\n".join(lines))])


def _nested(text: ast.Node, code: list[ast.Node], lists: list[ast.Node]) -> list[ast.Node]:
    return [text, *code, *lists]


def _panel(kind: PanelType, held: list[ast.PanelContent]) -> ast.Panel:
    return ast.Panel(kind, held)


CODE = st.builds(
    _code,
    st.sampled_from([None, "python", "rust", "java"]),
    st.lists(st.text(st.sampled_from("ab" + SIGNS), max_size=8).map(lambda line: line.rstrip() or "x"), min_size=1, max_size=4),
)
HEADINGS = st.builds(ast.Heading, st.integers(1, 6), RUNS)


def _list(kind: type[ast.BulletList] | type[ast.OrderedList], items: list[list[ast.Node]]) -> ast.Node:
    return kind([ast.ListItem(cast("list[ast.ListItemContent]", one)) for one in items])


KINDS = st.sampled_from([ast.BulletList, ast.OrderedList])
FLAT = st.builds(_list, KINDS, st.lists(PARAGRAPHS.map(lambda one: [cast("ast.Node", one)]), min_size=1, max_size=3))
NESTED = st.builds(
    _list,
    KINDS,
    st.lists(
        st.builds(_nested, PARAGRAPHS, st.lists(CODE, max_size=1), st.lists(FLAT, max_size=2)),
        min_size=1,
        max_size=3,
    ),
)
TASKS = st.lists(st.builds(ast.TaskItem, st.sampled_from(["TODO", "DONE"]), RUNS), min_size=1, max_size=3).map(ast.TaskList)


@st.composite
def tables(draw: st.DrawFn) -> ast.Table:
    width = draw(st.integers(1, 3))
    cells = st.lists(st.one_of(PARAGRAPHS, PARAGRAPHS, FLAT), min_size=width, max_size=width)
    head = [ast.TableHeader([cast("ast.TableCellContent", one)]) for one in draw(st.lists(PARAGRAPHS, min_size=width, max_size=width))]
    rows = [[ast.TableCell([cast("ast.TableCellContent", one)]) for one in row] for row in draw(st.lists(cells, max_size=2))]
    return ast.Table([ast.TableRow(head), *map(ast.TableRow, rows)])


SIMPLE = st.one_of(PARAGRAPHS, PARAGRAPHS, NESTED, CODE)
QUOTES = st.lists(SIMPLE, min_size=1, max_size=3).map(lambda held: ast.Blockquote(cast("list[ast.BlockquoteContent]", held)))
PANELS = st.builds(
    _panel,
    st.sampled_from(["info", "note", "success", "warning", "error", "custom"]),
    st.lists(st.one_of(SIMPLE, HEADINGS, TASKS), min_size=1, max_size=3),
)
BLOCKS = st.one_of(PARAGRAPHS, PARAGRAPHS, HEADINGS, NESTED, TASKS, CODE, tables(), QUOTES, PANELS, st.just(ast.Rule()))
DOCUMENTS = st.lists(BLOCKS, min_size=1, max_size=4).map(lambda blocks: ast.Doc(cast("list[ast.DocContent]", blocks)))
