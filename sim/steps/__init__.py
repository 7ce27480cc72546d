"""The steps of a period: they gather arrays, call the laws and write the results back."""
