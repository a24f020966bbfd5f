import { runTrials } from "../trials/run-trials.ts";
import { ALL_ATTACKS } from "./rows/all.ts";

await runTrials("attack", ALL_ATTACKS);
