"""studygen: one declarative study definition and the registries' aggregates become the study's documents."""

__version__ = "0.1.0"
