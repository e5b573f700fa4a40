"""The whole story, one module per chapter: `loading` (definition, network, deliveries, results), `composing` (document trees),
`tracing` (where a document's numbers come from), `building` (files, only what changed), `explaining` (where one number comes
from). No arrow goes back."""
