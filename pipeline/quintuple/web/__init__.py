"""The review page and the JSON API: see events, correct them, save them as labelled data. Needs the extra [web]."""
