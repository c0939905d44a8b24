"""The compiler: reads `sql/`, proves it sound, and writes everything else the product runs on.

Stages, in this order and no other (one file and one function each in `pipeline.compile`):
`load -> render -> parse -> resolve -> classify -> check -> lower -> emit`.
"""
