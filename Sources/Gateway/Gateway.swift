// Gateway: being built.
