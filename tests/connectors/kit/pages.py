"""What people see of a page."""

from html.parser import HTMLParser


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def text_of(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    return "".join(reader.seen).strip()
