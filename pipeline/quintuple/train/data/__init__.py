"""Labelled data: checking, splitting, describing and converting it."""
