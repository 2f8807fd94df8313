"""What may be lost: sessions, codes, throttles, what was seen. Losing it all costs a member one more code."""
