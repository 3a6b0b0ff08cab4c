"""The pages of checking: number, link and upload; scanning a code."""
