"""The scanners of units: how one is let in by a code that works once, and shut out again."""
