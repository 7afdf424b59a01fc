"""Recognizers, one file a family. `families.py` lists them in the order they run; `family.py` is their common shape."""
