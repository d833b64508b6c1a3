"""Tests of what is known of large providers."""
