"""Names of the engines, apart from the engines, so that checks of options need not load them."""

AUTO, NUMPY, COMPILED = "auto", "numpy", "compiled"
ENGINES = (AUTO, NUMPY, COMPILED)
