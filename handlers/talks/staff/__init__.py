"""What officers do in the chat: a file for each line of their menu."""
