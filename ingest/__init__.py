"""The door of the pipeline: checks events against their contracts, enriches them and puts them on streams.

Stages of one event, in this order: `validate`, `enrich`, `ledger` where one is kept, `producer`. Knows
only what the compiler wrote under `build/`.
"""
