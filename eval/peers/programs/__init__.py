"""What runs in the peers' own interpreters: the standard library, the peer's libraries, and nothing of the product."""
