"""The forms in which findings and rules are given out: text, JSON, SARIF, annotations of a CI service, tables of rules."""
