// Client: being built.
