"""Bytes of any supported format become articles: decoding, boilerplate, language, sentences, publication day."""

from quintuple.preprocess.articles import make_article, read_bytes, read_path
from quintuple.preprocess.inputs import Inputs, find_inputs

__all__ = ["Inputs", "find_inputs", "make_article", "read_bytes", "read_path"]
