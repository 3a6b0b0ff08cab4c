"""Designs of certificates as the body keeps them: drafts, versions in use, scanned signatures, previews."""
