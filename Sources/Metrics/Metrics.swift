// Metrics: being built.
