"""The laws: one a file, each a frozen record of parameters with one method."""
