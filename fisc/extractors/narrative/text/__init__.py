"""Words to lines, paragraphs, sections and sentences."""
