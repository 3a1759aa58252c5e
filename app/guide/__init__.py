"""The core: the guide's nouns, its editions, and how a question becomes an answer."""
