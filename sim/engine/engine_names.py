"""Names of the engines, for whoever asks for one before anything is computed."""

AUTO, NUMPY, COMPILED = "auto", "numpy", "compiled"
ENGINES = (AUTO, NUMPY, COMPILED)
