"""The whole story, one module per chapter: `loading` (definition, network, deliveries, results), `rehearsal` (the same with dummy
deliveries) and `publishing` (without names), `composing` (document trees), `tracing` (where a document's numbers come from),
`building` (files, only what changed), `explaining` (where one number comes from). No arrow goes back."""
