"""Proves that a model means the same on every engine: adversarial input, real engines, row for row."""
