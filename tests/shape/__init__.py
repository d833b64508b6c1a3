"""The promises that the repository as a whole keeps."""
