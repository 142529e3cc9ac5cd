"""An earlier week or plan taken over: shown side by side, then kept."""
