"""A claim."""

assert True
