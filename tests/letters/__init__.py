"""Tests of what is said: templates and how they are filled in."""
