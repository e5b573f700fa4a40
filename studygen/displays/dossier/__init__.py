"""The tables of a qualification dossier, by subject. Each is a function `(frame, slot) -> Table`; the catalogue lists them."""
