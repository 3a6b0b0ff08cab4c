"""What a person needs to sit exams fairly: approved once, applied to every exam, never shown to those who mark."""
