"""Pure arithmetic: effects, occurrence, pooling, heterogeneity, precision. Imports nothing of ours; knows no registry, study or
document. To add a statistic: a function here, a line in `methods.METHODS` with its citation, a pinned reference in
tests/references."""
