// Log: being built.
