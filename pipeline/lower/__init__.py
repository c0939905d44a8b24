"""From a model to an engine, one engine a file."""
