"""What a user can get wrong about a cost estimate: a file that is missing or isn't what it should be."""

from __future__ import annotations


class CostError(Exception):
    """A plan, manifest or assumption that cannot be priced; the message names it and the next step."""
