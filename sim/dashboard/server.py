"""Server: the dashboard on this machine's own address, until it is interrupted."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

import uvicorn

from sim.dashboard.application import application
from sim.dashboard.cabinet import Cabinet
from sim.dashboard.desk import Desk
from sim.dashboard.gate import ADDRESS
from sim.kernel.errors import InputError, Problem

_GRACE = 2  # seconds for open requests to end


class OwnServer(uvicorn.Server):  # type: ignore[misc]
    """A server that reports when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        """Serve as configured; `ready` is called once."""
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the server."""
        await super().startup(sockets)
        self.ready()


def serve(
    given: str | Path | None,
    *,
    port: int,
    browser: bool,
    say: Callable[[str], object],
) -> None:
    """Serve the dashboard of a scenario or result; port 0 takes a free one."""
    with closing(Desk(Cabinet(given))) as desk, closing(_socket(port)) as bound:
        desk.cabinet.open(None)  # its faults are reported here, before any page
        place = bound.getsockname()[1]
        address = f"http://{ADDRESS}:{place}/"

        def ready() -> None:
            say(f"{address} (Ctrl-C ends it)")
            if browser:
                Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        config = uvicorn.Config(
            application(desk, place),
            access_log=False,
            date_header=False,
            lifespan="off",
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            ws="none",
        )
        with suppress(KeyboardInterrupt):  # the usual way to stop it
            OwnServer(config, ready).run(sockets=[bound])


def _socket(port: int) -> socket.socket:
    """Return a socket at a port of this machine's own address."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        bound.close()
        why = getattr(error, "strerror", None) or str(error)
        message = f"{port} is not available: {why}; give another, or 0 for any free port"
        raise InputError([Problem("--port", 0, 0, "", message)]) from None
    return bound
