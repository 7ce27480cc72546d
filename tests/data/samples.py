"""All samples by name."""

from __future__ import annotations

from tests.data.public_samples import PUBLIC
from tests.data.sipri_samples import SIPRI

SAMPLES = {**SIPRI, **PUBLIC}
