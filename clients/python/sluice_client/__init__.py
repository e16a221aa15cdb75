"""Sluice from Python: what a trading terminal needs to speak with the gateway."""
