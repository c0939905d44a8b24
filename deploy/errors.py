"""The one error of this package that is meant for a person."""

from __future__ import annotations


class DeployError(Exception):
    """A step of packaging or deploying cannot go on; the message says which, why and what to do."""
