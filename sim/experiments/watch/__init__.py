"""What happens and is decided in runs, taken down as numpy computes them."""
