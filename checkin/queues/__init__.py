"""What scanners hand in later: sealed records, clocks set right, scans taken back."""
