"""The output formats, a module each; which of them a result can be turned into says ``offered``."""
