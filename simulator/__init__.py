"""Traffic for the pipeline: a made-up shop's visitors, or a user's own file of events, sent through ingest.

`catalogue` is what the shop sells, `population` who visits it, `events` what they do, `faults` what goes
wrong on the way; none of them knows the clock. `pacing` does, `sending` puts on streams, `run` and `replay`
are commands.
"""
