"""The page of one who came, without an account: what they attended, certificates, their data."""
