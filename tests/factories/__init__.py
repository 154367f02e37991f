"""Ways to stand up a small world; each floor's file builds the least its tests need."""
