"""The invented city: its departments, their people, projects and property, and the figures drawn for them."""
