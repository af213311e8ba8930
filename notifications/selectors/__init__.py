"""Reads about messages, announcements, and whether they can leave."""
