"""Build the Misalignment Atlas: annotated episodes in, a faceted static site out."""

__version__ = "0.1.0"
