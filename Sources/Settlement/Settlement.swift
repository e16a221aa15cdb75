// Settlement: being built.
