"""Gate: the requests that the dashboard accepts, their size, and the rights of its pages.

A page of another site can reach a server on this machine through a name that points here, or
through a form. So the host must be ours, and also the origin of every request that changes
something.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Served = Callable[[Message, Receive, Send], Awaitable[None]]

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
MOST_BYTES = 1_000_000  # of an uploaded file
_AROUND = 20_000  # bytes of a form, besides the file
_OWN_SITE = (b"same-origin", b"none")  # none: typed into the address bar, or opened from a bookmark
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"cache-control": b"no-store",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}


class TooLargeError(Exception):
    """A body of more bytes than allowed."""


class Gate:
    """An application behind a gate."""

    def __init__(self, app: Served, port: int) -> None:
        """Accept requests to this machine's own names at a port."""
        self.app = app
        self.hosts = {f"{name}:{port}".encode() for name in NAMES}
        self.origins = {b"http://" + host for host in self.hosts}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if refused := self._refused(scope["method"], scope["headers"]):
            await refused(scope, receive, _guarded(send))
            return
        await self.app(scope, _limited(receive), _guarded(send))

    def _refused(self, method: str, headers: list[tuple[bytes, bytes]]) -> Any:
        """Return the answer to a request that is not ours; None if it is."""
        given: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            given.setdefault(name.lower(), []).append(value)
        hosts, origins = given.get(b"host", []), given.get(b"origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return PlainTextResponse("This server only answers requests to 127.0.0.1.\n", 400)
        sites = given.get(b"sec-fetch-site", [])
        foreign = any(each not in self.origins for each in origins)
        foreign = foreign or any(each not in _OWN_SITE for each in sites)
        if method not in {"GET", "HEAD"}:
            foreign = foreign or not origins
        if foreign:
            return PlainTextResponse("This request comes from a page of another site.\n", 403)
        sizes = given.get(b"content-length", [b"0"])
        if not all(size.isdigit() for size in sizes):
            return PlainTextResponse("The length of the request is not a number.\n", 400)
        return too_large() if int(sizes[0]) > MOST_BYTES + _AROUND else None


def too_large() -> PlainTextResponse:
    """Return the answer to a body of more bytes than allowed."""
    return PlainTextResponse(f"A file may have at most {MOST_BYTES:,} bytes.\n", 413)


def _limited(receive: Receive) -> Receive:
    """Return a `receive` that stops at the allowed number of bytes."""
    count = 0

    async def limited() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > MOST_BYTES + _AROUND:
            raise TooLargeError
        return message

    return limited


def _guarded(send: Send) -> Send:
    """Return a `send` that adds our headers to every answer."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message["headers"] if pair[0].lower() not in HEADERS]
            message["headers"] = [*own, *HEADERS.items()]
        await send(message)

    return guarded
