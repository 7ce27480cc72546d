"""Events and decisions of runs, recorded while numpy computes them."""
