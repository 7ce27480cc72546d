"""Scenarios: from YAML to a checked Scenario, and from there to a World."""
