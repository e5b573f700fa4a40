"""The findings: typed results addressed by id, each with its method, sources, exact value and notes."""
