"""What analysts make of the published tables: comparisons across documents, curated views, pictures, exports."""
