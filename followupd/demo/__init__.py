"""The same daemon in another world: embedded servers, simulated mentors, an accelerated clock."""
