"""What holders ask for an issued certificate: another spelling, another name, another period; and how it is decided."""
