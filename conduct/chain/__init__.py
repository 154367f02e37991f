"""The chain over the audit: rows are sealed every few seconds, heads of the chain are anchored outside the house."""
