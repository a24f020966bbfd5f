import type { Trial } from "../../trials/trial.ts";
import { HOLD_ATTACKS } from "./holds.ts";
import { HOST_ATTACKS } from "./hosts.ts";

/** Every attack, family by family. */
export const ALL_ATTACKS: readonly Trial[] = [...HOST_ATTACKS, ...HOLD_ATTACKS];
