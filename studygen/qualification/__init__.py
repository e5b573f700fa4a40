"""The qualification dossier as data: what is asked of the regulator, on which evidence, and what is still missing."""
