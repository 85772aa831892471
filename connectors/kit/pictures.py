"""Pictures that show a file of the item, on a platform without a form for them: `[image: NAME]`, read back as a picture."""

import re

from model.pictures import CODE, Picture, is_name, redrawn, target_of

_WORDS = re.compile(rf"{CODE}|(?<![!\\])\\?\[image: (?P<name>[^\[\]\\\n]+\.\w{{1,5}})\\?\](?![(\[:])", re.MULTILINE | re.DOTALL)


def in_words(text: str) -> str:
    """Neutral text with the names of files in place of pictures of them; words for a picture that were there besides are lost."""
    return redrawn(text, lambda picture: f"[image: {_spelled(picture.name)}]" if picture.name else str(picture))


def out_of_words(text: str) -> str:
    """Neutral text with the pictures that `in_words` took out."""
    return _WORDS.sub(_picture, text)


def _spelled(name: str) -> str:
    """Only what is not taken for the end is spelled in another way."""
    return name.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")


def _picture(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return found[0]
    name = found["name"].replace("%5B", "[").replace("%5D", "]").replace("%25", "%")
    return str(Picture("", target_of(name))) if is_name(name) else found[0]
