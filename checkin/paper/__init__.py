"""The bridge of paper: sheets that people sign, and how what they signed comes back."""
