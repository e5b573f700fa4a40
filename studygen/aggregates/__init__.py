"""What registries send: the delivery contract, intake and reconciliation, the small-cell rule."""
