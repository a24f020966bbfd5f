/** Loaded into the watched process beside its program: a signal makes it collect all garbage, so that what is left counts. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
process.on("SIGWINCH", () => collect());
