"""Tasks for those who share them: one that is done, and one at which a process dies."""

from __future__ import annotations

import os
import signal


def double(number):
    return 2 * number


def die_at_three(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number
