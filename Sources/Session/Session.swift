// Session: being built.
