"""What a disclosure tells: the rows of its tables and the sentences of its narrative."""
