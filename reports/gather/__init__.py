"""From figures to papers: what is frozen when a bulletin is drafted, and what it looks like when drawn."""
