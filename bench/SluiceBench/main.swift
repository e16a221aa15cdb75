// The bench's own program; bench/run calls it and bench/README.md says what is measured.
import Glibc

exit(Bench.run(Array(CommandLine.arguments.dropFirst())))
