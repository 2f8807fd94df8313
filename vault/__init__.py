"""The strongroom: keys, sealing and opening, splitting and joining. No other room sees a cipher."""
