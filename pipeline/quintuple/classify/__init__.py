"""The two-pass token classifier: articles in, triggers with their arguments out."""
