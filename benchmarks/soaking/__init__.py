"""Parts of the soak: the city that publishes, the portal that misbehaves, the nights that are killed, the verdict."""
