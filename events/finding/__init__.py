"""Find anything: what people look for, and the page that finds it."""
