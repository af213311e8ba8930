"""Writes about dossiers. `transitions.apply` is the only writer of a status."""
