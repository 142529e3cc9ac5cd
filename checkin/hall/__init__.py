"""The screen in the hall: let in by a code, it shows what to scan and how many came."""
