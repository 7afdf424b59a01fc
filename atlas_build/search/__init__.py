"""Writes the JSON index that `assets/js` reads; the format is described in `docs/index-format.md`."""
