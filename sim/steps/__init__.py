"""The steps of a period: they gather arrays, call the laws and put the answers back."""
