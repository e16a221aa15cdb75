// Rings: being built.
