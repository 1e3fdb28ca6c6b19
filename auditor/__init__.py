"""Audit of Chinese annual rule-of-law-government reports against the obligations that bind their authors."""

__version__ = "0.1.0"
