"""Tests of finding the servers of an address, against name and web servers on loopback."""
