"""What is taught: pathways, levels and their schemes, courses, modules, lessons, enrolment and progress."""
