"""Ingest: file → repaired text → section tree → chunks → knowledge base. Imports only ``kb``."""
