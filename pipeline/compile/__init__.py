"""The stages, one file and one function each: load, render, parse, resolve, classify, check."""
