"""One file with all that the portal keeps, and the way back from it."""
