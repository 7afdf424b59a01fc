"""Checks of a finished site, before it is published."""
