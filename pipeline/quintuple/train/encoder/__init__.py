"""Makes a base encoder from raw text: vocabulary adaptation, then masked-language-model training."""
