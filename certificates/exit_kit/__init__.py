"""The register in a folder of files that checks every certificate without us: no server, no database, none of our programs."""
