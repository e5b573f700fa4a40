"""Output formats, one function per node type; knows nothing about studies."""
