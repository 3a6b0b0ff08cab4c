"""The register: every event of every certificate as a leaf of one hash tree, whose heads are signed and published."""
