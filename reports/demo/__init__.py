"""A believable city from a fixed seed, with no real person or place: for trying, teaching, testing and measuring."""
