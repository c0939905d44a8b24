"""The verbs of the command line: the only code of the compiler that writes files."""
