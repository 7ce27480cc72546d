"""The engine: the steps of a period as one graph, compiled to fused loops over strips of runs.

`trace` runs the period on symbols and leaves a graph (`graph`); what all runs agree on is left to
numpy, as a prologue (`prologue`). `emit` writes loops over rows with the runs of a strip innermost,
`machine` compiles and keeps them, and `strips` takes a block of runs through all periods.
"""
