// CLI: the commands of `sluice`, one file each. Start with CLI.swift.
import Glibc

exit(CLI.run(Array(CommandLine.arguments.dropFirst())))
