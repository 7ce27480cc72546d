"""Dashboard: the pages of a scenario on this machine, with numbers to change and runs to watch.

It serves only this machine: `gate` checks requests, `job_queue` runs computations.
"""
