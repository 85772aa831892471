"""What rich text is made of, in the neutral form, and how each of it is recognised."""

import re

from model.frozen import Frozen

NOWHERE = "(?!)"


class Construct(Frozen):
    """`sign` finds it in neutral text, `html` in a page that shows it, `node` is the name of its node or mark in Jira's documents.

    `NOWHERE` stands for what no page has of itself.
    """

    name: str
    text: str
    sign: str
    html: str
    node: str

    @property
    def words(self) -> list[str]:
        """What must be readable whatever becomes of the formatting."""
        return re.findall(r"\bw\w+", self.text)

    def is_in(self, neutral: str) -> bool:
        return re.search(self.sign, neutral, re.MULTILINE | re.DOTALL) is not None


def _annotated(name: str, node: str, text: str, html: str = NOWHERE) -> Construct:
    return Construct(name=name, text=text, sign=f'adf="{node}"', html=html, node=node)


CONSTRUCTS = (
    Construct(name="heading", text="## whale", sign=r"^## ", html="<h2", node="heading"),
    Construct(name="bold", text="**whale**", sign=r"\*\*whale\*\*", html="<strong", node="strong"),
    Construct(name="italic", text="*whale*", sign=r"(?<!\*)\*whale\*(?!\*)", html="<em", node="em"),
    Construct(name="strike", text="~~whale~~", sign=r"~~whale~~", html="<(?:s|del)\\b", node="strike"),
    Construct(name="inline code", text="`whale`", sign=r"`whale`", html="<code", node="code"),
    Construct(name="code block with language", text="```python\nwhale = 1\n```", sign=r"```python\n", html="<pre", node="codeBlock"),
    Construct(name="bullet list", text="- whale\n- wolf", sign=r"^- wolf", html="<ul", node="bulletList"),
    Construct(name="numbered list", text="1. whale\n2. wolf", sign=r"^2\. ", html="<ol", node="orderedList"),
    Construct(
        name="nested list", text="- whale\n  - wolf\n    - wren", sign=r"^ +- wolf\n+ +- wren", html="<ul.*<ul.*<ul", node="bulletList"
    ),
    Construct(name="task list", text="- [ ] whale\n- [x] wolf", sign=r"^- \[x\] wolf", html="checkbox", node="taskList"),
    Construct(name="table", text="| whale | wolf |\n| --- | --- |\n| wren | wasp |", sign=r"^\| -+ \|", html="<table", node="table"),
    Construct(name="block quote", text="> whale", sign=r"^> whale", html="<blockquote", node="blockquote"),
    Construct(name="link", text="[whale](https://acme.test/a)", sign=r"\[whale\]\(<?https", html="<a ", node="link"),
    Construct(name="image", text="![whale](https://acme.test/a.png)", sign=r"!\[whale\]\(<?https", html="<img", node="media"),
    Construct(
        name="image of the item",
        text="![whale](attachment:whale.png)",
        sign=r"!\[[^\]]*\]\(attachment:whale",
        html="<img",
        node="media",
    ),
    Construct(name="rule", text="whale\n\n---\n\nwolf", sign=r"^---$", html="<hr", node="rule"),
    Construct(name="line break", text="whale\\\nwolf", sign=r"whale(?:\\| {2}|<br>)\n?wolf", html="<br", node="hardBreak"),
    _annotated("mention", "mention", """<span adf="mention" params='{"id":"712020:1"}'>@whale</span>"""),
    _annotated("text colour", "textColor", """<span adf="textColor" params='{"color":"#ff0000"}'>whale</span>"""),
    _annotated("underline", "underline", '<u adf="underline">whale</u>', "<u\\b"),
    _annotated("subscript", "subSup", 'H<sub adf="subSup">whale</sub>', "<sub\\b"),
    _annotated("panel", "panel", """<aside adf="panel" params='{"panelType":"info"}'>\n\nwhale\n\n</aside>"""),
    _annotated("expand", "expand", '<details adf="expand">\n\n<summary>whale</summary>\n\nwolf\n\n</details>'),
    _annotated("status lozenge", "status", """<span adf="status" params='{"color":"green"}'>`whale`</span>"""),
)

UNSAFE = (
    "whale <script>alert(1)</script>",
    "<style>p { background: url(https://evil.test) }</style>\n\nwhale",
    '<iframe src="https://evil.test"></iframe>\n\nwhale',
    'whale <img src="x" onerror="alert(1)">',
    '<div onmouseover="alert(1)">whale</div>',
    '<form action="https://evil.test"><button>whale</button></form>',
    "[whale](javascript:alert(1))",
    "[whale](JaVaScRiPt:alert(1))",
    "[whale](javascript&#58;alert(1))",
    "[whale](vbscript:msgbox(1))",
    "[whale](data:text/html;base64,PHNjcmlwdD4=)",
    "[whale][1]\n\n[1]: javascript:alert(1)",
    "whale <javascript:alert(1)>",
    '<a href="javascript:alert(1)">whale</a>',
    "![whale](javascript:alert(1))",
    "[whale](attachment:whale.png)",
    "![whale](attachment:..%2Fwhale.png)",
    '<a href="attachment:whale.png">whale</a>',
    '<svg onload="alert(1)"></svg>\n\nwhale',
)
