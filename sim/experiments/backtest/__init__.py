"""Backtest: forecasts from a date on, scored by observations and compared with naive forecasts."""
