"""Property tests take the same examples on every run and have no time limit: a slow machine is no fault in a formula."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")
