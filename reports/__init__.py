"""What the week amounted to, with every number traceable to where it came from."""
