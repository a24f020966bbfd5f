import { runTrials } from "../trials/run-trials.ts";
import { ALL_FAULTS } from "./rows/all.ts";

await runTrials("fault", ALL_FAULTS);
