// Config: files under config/ in JSON5 -> a checked `Configuration` -> genesis commands.
//
// Being built: JSON5/ reads a file into nodes that know their place.
