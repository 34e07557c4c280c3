"""Turns tagged spans into events."""
