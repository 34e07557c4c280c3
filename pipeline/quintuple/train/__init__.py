"""From labelled text to a shipped model: prepare, fit, export."""
