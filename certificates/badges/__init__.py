"""Open Badges 3.0: the badge of a certificate as a signed credential, in a picture or as text, and the check of anybody's badge."""
