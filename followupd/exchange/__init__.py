"""People come from files and go into files: bytes become rows or errors, people become bytes; pure functions."""
