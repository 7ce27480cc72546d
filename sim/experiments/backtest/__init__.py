"""Backtest: forecasts from a date on, scored against what happened and against naive ones."""
