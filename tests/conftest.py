"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fisc", deadline=None)
settings.load_profile("fisc")
# No time a case: a busy machine is no fault of the code.
