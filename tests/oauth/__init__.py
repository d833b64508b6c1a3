"""Tests of getting, keeping and renewing tokens, against a small identity provider on loopback."""
