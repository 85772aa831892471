"""Wiki markup as people write it in Jira, and neutral text as other platforms have it."""

import pytest

from connectors.jira.wiki import from_wiki, to_wiki

BOTH_WAYS = [
    ("h2. Title\n\none\ntwo", "## Title\n\none<br>two"),
    ("*b* _i_ -s- {{m}}", "**b** *i* ~~s~~ `m`"),
    ("+u+ ^2^ ~3~", '<u adf="underline">u</u> <sup adf="subSup">2</sup> <sub adf="subSup">3</sub>'),
    ("in{*}si{*}de", "in**si**de"),
    ("* a\n** b\n**# c\n* d", "- a\n\n  - b\n\n    1. c\n\n- d"),
    ("# a\n{code:python}\nx = 1\n{code}\n# b", "1. a\n\n   ```python\n   x = 1\n   ```\n\n2. b"),
    ("* \\[ \\] open\n* \\[x\\] done", "- [ ] open\n- [x] done"),
    ("||h||i||\n|a|b \\| c|", "| h | i |\n| --- | --- |\n| a | b \\| c |"),
    ("{noformat}\n*as* {it} is\n{noformat}", "```\n*as* {it} is\n```"),
    ("{code:title=rust}\nlet x;\n{code}", "```rust\nlet x;\n```"),
    ("{quote}\nsaid\n\n* twice\n{quote}", "> said\n>\n> - twice"),
    ("----", "---"),
    ("[site|https://acme.test/a_b] [https://acme.test]", "[site](<https://acme.test/a_b>) [https://acme.test](<https://acme.test>)"),
    ("[^log.txt] [#top]", "[log.txt](<^log.txt>) [#top](<#top>)"),
    ("ask [~ann]", 'ask <span adf="mention" params=\'{"id":"ann"}\'>@ann</span>'),
    ("see !screen.png|thumbnail! here", 'see ![screen.png](<screen.png> "thumbnail") here'),
    ("!https://acme.test/a.gif|alt=plan!", "![plan](<https://acme.test/a.gif>)"),
    ("{color:#ff5630}hot{color}", '<span adf="textColor" params=\'{"color":"#ff5630"}\'>hot</span>'),
    ("{panel:bgColor=#deebff}\nnote\n{panel}", '<aside adf="panel" params=\'{"panelType":"info"}\'>\n\nnote\n\n</aside>'),
    (
        "{panel:title=Hint|borderStyle=dashed}\nnote\n{panel}",
        '<aside adf="panel" params=\'{"panelType":"custom","panelIconId":"borderStyle=dashed"}\'>\n\n**Hint**\n\nnote\n\n</aside>',
    ),
    ("a_b_c 3*4*5 well-known C:\\temp {anchor:x} (x) AT&T", "a\\_b\\_c 3\\*4\\*5 well-known C:\\\\temp {anchor:x} (x) AT&T"),
    ("\\*no* \\_no_ \\{color:red} \\[link]", "\\*no\\* \\_no\\_ {color:red} \\[link\\]"),
    ("\\# no list\n\nh1\\. no heading", "\\# no list\n\nh1. no heading"),
    ("C:&#92;\\_x", "C:\\\\\\_x"),
]


@pytest.mark.parametrize(("wiki", "neutral"), BOTH_WAYS)
def test_both_ways(wiki: str, neutral: str) -> None:
    assert from_wiki(wiki) == neutral
    assert to_wiki(neutral) == wiki


@pytest.mark.parametrize(
    ("wiki", "neutral"),
    [
        ("bq. said", "> said"),
        ("- a\n- b", "- a\n- b"),
        ("{code}\nx\n{code}", "```\nx\n```"),
        ("{code:java|title=A.java}\nx\n{code}", "**A.java**\n\n```java\nx\n```"),
        ("text {noformat}x{noformat} on", "text\n\n```\nx\n```\n\non"),
        ("{color:red}one\n* two{color}", None),
        ("{quote}\nh2. big\n{quote}", "> **big**"),
        ("{quote} never closed", "{quote} never closed"),
        ("*never closed", "\\*never closed"),
        ("a\\\\b", "a<br>b"),
        ("wow![x|http://acme.test]", "wow\\![x](<http://acme.test>)"),
        ("  \r\n", ""),
    ],
)
def test_what_people_write_is_understood(wiki: str, neutral: str | None) -> None:
    read = from_wiki(wiki)
    assert neutral is None or read == neutral
    assert from_wiki(to_wiki(read)) == read


@pytest.mark.parametrize(
    ("neutral", "wiki"),
    [
        ('Hi <span adf="mention" params=\'{"id":"712020:abc"}\'>@Ann Archer</span>', "Hi @Ann Archer"),
        ('It is <span adf="status" params=\'{"color":"green"}\'>DONE</span>', "It is DONE"),
        ('<time adf="date" datetime="1772323200000">x</time>', "2026-03-01"),
        ('<a adf="inlineCard" href="https://acme.test/x">https://acme.test/x</a>', "[https://acme.test/x]"),
        ("[here](docs/a.md)", "here (docs/a.md)"),
        ("```js\nx\n```", "{code:js}\nx\n{code}"),
        ("```\na {noformat} b\n```", "{code}\na {noformat} b\n{code}"),
        ("**bold *both***", "*bold _both_*"),
        ("`{{x}}` and `a*b`", "{{\\{\\{x\\}\\}}} and {{a\\*b}}"),
    ],
)
def test_what_jira_cannot_say_is_told_in_words(neutral: str, wiki: str) -> None:
    assert to_wiki(neutral) == wiki
