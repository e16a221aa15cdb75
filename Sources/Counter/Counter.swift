// Counter: what a broker's counter says and wants to hear, in the engine's words.
//
// One file an adapter, one adapter a counter protocol: values in, values out, no state. Connections
// and logins are Session's, bytes are Wire's; which instrument or fund account a name means is the
// gateway's. `SluiceCounter.swift` is the first: our own protocol (schema/counter.xml).
