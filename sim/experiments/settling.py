"""What a Dask worker of this machine does as it starts, one that takes a dead one's place too."""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Leave Ctrl-C to the client, which closes its workers itself."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
