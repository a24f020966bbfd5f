/**
 * `request` of node:http for commands that end soon. An import of that module looks at each of its exports, of which some load
 * undici on demand: 25 ms on a fast machine, more than the question to the daemon takes.
 */
export const { request } = process.getBuiltinModule("node:http");
