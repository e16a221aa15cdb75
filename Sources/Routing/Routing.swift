// Routing: being built.
