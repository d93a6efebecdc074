"""What each CPython series really does: small programs, run and their results committed."""
