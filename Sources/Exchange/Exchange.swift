// Exchange: being built.
