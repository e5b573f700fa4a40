"""Checklists that authorities and journals ask for, as data, and their answers for a study. Knows no document and no format:
a section is an id here, and a comment a sentence of the checklist's file."""
