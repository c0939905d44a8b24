"""The error a person reads: what is wrong, where, what was expected, and the next step."""

from __future__ import annotations


class FlinkAppError(Exception):
    """Something that the operator can mend; its text stands alone, without a trace."""
