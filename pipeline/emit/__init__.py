"""What is written to build/: one artefact a file, each a function from models to `{path: text}`."""
