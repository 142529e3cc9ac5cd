"""What a scanner takes with it and asks for: tickets, what became of them, who is who."""
