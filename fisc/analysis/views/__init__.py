"""Curated views: the questions that analysts ask first, answered once, each as a file of SQL with its meaning on top."""
