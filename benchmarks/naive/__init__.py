"""The bot one writes in an afternoon. It is here to be compared with, not to be used."""
