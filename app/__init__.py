"""The web application: ground floor, people, and the pages that gather several features."""
