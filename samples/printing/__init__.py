"""Drawing: sheets of cells, fonts, rules, and the flow of text and tables over pages."""
