"""What is checked: each identity stated once, its tolerance derived, its outcome counted."""
