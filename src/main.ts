#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=0 node --max-semi-space-size=4 --max-old-space-size-percentage=50

/** As `engines` in package.json says. */
const OLDEST = { major: 22, minor: 22 };

// Nothing may be imported before this: an older Node.js would end with a stack trace about what it does not know.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
  process.stderr.write(
    `portolan: needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer, and ${process.execPath} is ${process.versions.node}; install a newer one, or start portolan with it\n`,
  );
  process.exit(78);
}
await import("./program.ts");
