"""Rules of supervision. Pure: what is known is passed in."""
