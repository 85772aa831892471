"""A form with a file, over real sockets."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.kit.http import Http
from connectors.kit.multipart import FilePart, form
from model.errors import Unavailable


async def _taken(request: Request) -> Response:
    async with request.form() as sent:
        file, about = sent["file"], sent.get("about")
        assert isinstance(file, UploadFile)
        told = {"filename": file.filename, "type": file.content_type, "content": (await file.read()).decode(), "about": about}
    return JSONResponse({**told, "length": request.headers.get("content-length"), "coding": request.headers.get("transfer-encoding")})


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b"a\r\n--", b"", b"b" * 100_000):
        yield piece


@pytest.mark.parametrize("size", [0, 100_005])
@pytest.mark.parametrize("filename", ["fire.png", "a b;c.txt", "größe \u4e2d.pdf"])
async def test_a_file_arrives_as_it_was_sent(filename: str, size: int) -> None:
    async with serving(Starlette(routes=[Route("/", _taken, methods=["POST"])])) as url:
        http = Http("acme", url, {}, lambda _: Unavailable("no"))
        body, headers = form(FilePart("file", filename, "text/plain", size, (("about", "application/json", '{"a": 1}'),)), _pieces())
        told = (await http.write("POST", "/", body, headers=headers)).json()
        await http.aclose()
    assert isinstance(told, dict)
    assert (told["filename"], told["type"], told["about"]) == (filename, "text/plain", '{"a": 1}')
    assert told["content"] == "a\r\n--" + "b" * 100_000
    assert (told["length"] is None, told["coding"]) == ((True, "chunked") if size == 0 else (False, None))


async def test_a_name_cannot_end_its_line() -> None:
    body, _ = form(FilePart("file", 'a".txt\r\nX-Evil: 1', "text/plain\r\nX-Evil: 2", 0), _pieces())
    assert isinstance(body.content, AsyncIterator)
    opening = await anext(body.content)
    assert opening.decode().count("\r\n") == 4
    assert b"application/octet-stream" in opening


@pytest.mark.parametrize("size", [100_004, 100_006])
async def test_a_file_of_another_size_is_not_stored(size: int) -> None:
    stored: list[Response] = []

    async def take(request: Request) -> Response:
        stored.append(await _taken(request))
        return stored[0]

    async with serving(Starlette(routes=[Route("/", take, methods=["POST"])])) as url:
        http = Http("acme", url, {}, lambda _: Unavailable("no"))
        body, headers = form(FilePart("file", "a.txt", "text/plain", size), _pieces())
        with pytest.raises(Unavailable, match="another size"):
            await http.write("POST", "/", body, headers=headers)
        await http.aclose()
    assert stored == []
