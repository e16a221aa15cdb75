// Counter: being built.
