"""The pictures that every budget analyst draws: data from the curated views, one chart each, Chinese that shows anywhere."""
