"""Tables of people in and out: what a file says, what would change, all of it or nothing."""
