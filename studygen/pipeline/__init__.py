"""The whole story, one module per chapter: `loading` (definition, network, deliveries, results), `composing` (document trees),
`tracing` (where the numbers of a document come from),
`building` (files, only what changed), `explaining` (where one number comes from). No arrow goes back."""
