"""What holders do with their certificates."""
