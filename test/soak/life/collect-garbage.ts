/**
 * Loaded into the watched process beside its program: at a signal it collects all garbage and logs what is left, as an
 * event among those of the program.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
process.on("SIGWINCH", () => {
  collect();
  process.stderr.write(`${JSON.stringify({ event: "soak.collected", heapBytes: process.memoryUsage().heapUsed })}\n`);
});
