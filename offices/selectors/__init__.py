"""Reads about offices, officers, communes and calendars."""
