"""The network and its registries as dated, sourced facts."""
