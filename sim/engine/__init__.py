"""The engine: the steps of a period as one graph, compiled to fused loops over strips of runs.

`trace` runs the period on symbols and records a graph (`graph`). Values that are equal in all runs
are computed by numpy, in a prologue (`prologue`). `emit` writes loops over rows with the runs of a
strip innermost, `machine` compiles and caches them, and `strips` computes all periods of a block.
"""
