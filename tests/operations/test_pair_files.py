import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.pairs import MOST_PAIRS, Pair, read_pairs, write_pairs
from operations.problems import Rejected

ITEM = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(str.strip).filter(bool)
PAIRS = st.lists(st.tuples(ITEM, ITEM), min_size=1, unique_by=(lambda pair: pair[0], lambda pair: pair[1]))


@pytest.mark.parametrize(
    "text",
    [
        "APP-1,acme/app#1\nAPP-2,acme/app#2\n",
        "left,right\nAPP-1,acme/app#1\nAPP-2,acme/app#2",
        "Left;Right\r\nAPP-1;acme/app#1\r\n\r\nAPP-2;acme/app#2\r\n",
        '\ufeffAPP-1 ; "acme/app#1"\nAPP-2;acme/app#2',
    ],
)
def test_a_file_has_a_comma_or_a_semicolon_and_perhaps_a_header(text: str):
    assert [(one.left, one.right) for one in read_pairs(text)] == [("APP-1", "acme/app#1"), ("APP-2", "acme/app#2")]


def test_addresses_with_commas_may_be_quoted_and_lines_are_counted_as_editors_do():
    pairs = read_pairs('left,right\n\n"https://acme.example/a,b",7\n')
    assert pairs == (Pair("https://acme.example/a,b", "7", 3),)


@given(PAIRS)
def test_what_is_written_is_read_again(pairs: list[tuple[str, str]]):
    assert [(one.left, one.right) for one in read_pairs(write_pairs(pairs))] == pairs


def _many(lines: int, broken: int) -> str:
    return "".join(f"APP-{line},{line}\n" if line != broken else f"APP-{line}\n" for line in range(1, lines + 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_many(5000, 4711), "line 4711: there must be two items, as in APP-1,acme/app#34; it has one"),
        ("APP-1,1\nAPP-2,\n", "line 2: there must be two items, as in APP-1,acme/app#34; it has one"),
        ("APP-1,1,x\n", "line 1: there must be two items, as in APP-1,acme/app#34; it has 3"),
        ("APP-1,1\nAPP-2,2\nAPP-1,3\n", "line 3: 'APP-1' is the left item of line 1 already, with another one; leave one of them out"),
        ("APP-1,1\nAPP-2,1\n", "line 2: '1' is the right item of line 1 already, with another one; leave one of them out"),
        ("", "there is no pair in the file; write one per line, such as APP-1,acme/app#34"),
        ("left,right\n", "there is no pair in the file; write one per line, such as APP-1,acme/app#34"),
        (_many(MOST_PAIRS + 1, 0), f"there are {MOST_PAIRS + 1} pairs in the file; split it into files of at most {MOST_PAIRS}"),
    ],
    ids=["short line", "empty field", "long line", "left twice", "right twice", "empty", "header alone", "too many"],
)
def test_a_file_that_is_wrong_is_refused_as_a_whole(text: str, message: str):
    with pytest.raises(Rejected) as refused:
        read_pairs(text)
    assert str(refused.value) == message


def test_a_line_that_repeats_another_one_is_left_to_the_operation():
    assert [one.line for one in read_pairs("APP-1,1\nAPP-2,2\nAPP-1,1\n")] == [1, 2, 3]


def test_a_stray_quotation_mark_is_told_with_its_line():
    with pytest.raises(Rejected, match=r"^line 2: .*quotation mark"):
        read_pairs('APP-1,1\n"APP-2"x,2\n')


def test_of_many_wrong_lines_the_first_twenty_are_told():
    with pytest.raises(Rejected) as refused:
        read_pairs("APP-1,1\n" + "wrong\n" * 50)
    assert len(refused.value.problems) == 21
    assert str(refused.value.problems[-1]) == "30 more lines are wrong"
