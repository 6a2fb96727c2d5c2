"""Vector stores behind one small protocol, and the index that keeps the configured one in step with the catalogue."""

from kb.vectors.index import ChunkVectors, VectorIndex, open_vector_index

__all__ = ["ChunkVectors", "VectorIndex", "open_vector_index"]
