// Runtime: being built.
