// The entry point: see CLI.swift.
