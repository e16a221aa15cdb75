// Wire: being built.
