"""What the verifier looks at, one thing a module. Nothing here knows the program that made the bundle."""
