"""Dashboard: the pages of a scenario on this machine, with numbers to change and runs to step.

It serves no other machine: `gate` says who is answered, `job_queue` what is computed.
"""
