"""Reads about procedures and dossiers."""
