"""Starts and runs the whole system on one machine. Importing it imports no Django."""
