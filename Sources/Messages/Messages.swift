// Messages: being built.
