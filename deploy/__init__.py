"""Packages what AWS runs, and brings it there."""
