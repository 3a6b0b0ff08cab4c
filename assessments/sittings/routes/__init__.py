"""The pages of sittings: planning for officers, the seat for candidates, the console for invigilators, incidents."""
