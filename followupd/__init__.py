"""followupd follows up, patiently, on the few letters that matter, until a human answers."""

__version__ = "0.1.0"
