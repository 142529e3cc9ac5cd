"""The doors of a whole subtree at one look: who comes in, what is silent, what goes wrong."""
