import { systemClock } from "../../../src/base/clock.ts";
import { createWriterLock } from "../../../src/output/lock/writer-lock.ts";

/** A process of its own for the tests: takes the lock of the file that is named, says so, and holds it until it is killed. */
const [, , outputPath = "", self = ""] = process.argv;
const lock = createWriterLock({
  outputPath,
  self,
  clock: systemClock,
  unprotected: (reason) => process.stdout.write(`unprotected: ${reason}\n`),
});
await lock.acquire(new AbortController().signal, (owner) => process.stdout.write(`standing by for ${owner}\n`));
process.stdout.write("held\n");
// Ends by itself if it is not killed.
setTimeout(() => process.exit(), 60_000);
