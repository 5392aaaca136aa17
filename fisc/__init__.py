"""fisc turns disclosure documents of Chinese government departments into data that can be trusted."""

__version__ = "0.1.0"
