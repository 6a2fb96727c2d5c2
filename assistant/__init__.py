"""The assistant: question → evidence → verified answer. Imports only ``kb``."""
