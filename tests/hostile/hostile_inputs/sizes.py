"""Limits for the tests: small, so that what is too large takes no time to make."""

LIMIT, ELEMENTS = 2_000_000, 100_000
