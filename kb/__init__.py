"""The knowledge base: documents, sections, chunks; vectors and words; search. Imports no other part."""
