"""The command line."""

from studygen.cli.commands import app

__all__ = ["app"]
