"""`python -m studygen.cli`."""

from studygen.cli import app

app()
