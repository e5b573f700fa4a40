"""The plan of one study: what was declared, as typed, frozen values."""
