"""A plausible province for the demo: officers, citizens, dossiers with their history, messages."""
