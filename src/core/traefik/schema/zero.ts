import type { ConfigValue } from "../vocabulary/config-value.ts";
import type { Field } from "./schema.ts";

const ZERO: Readonly<Record<string, ConfigValue>> = { string: "", bool: false, int: 0, int64: 0, duration: "0s" };

/** What Traefik has in a scalar field that is not set; undefined where unset is a state of its own, and for all others. */
export function zeroOf({ optional, kind }: Field): ConfigValue | undefined {
  return optional === true ? undefined : ZERO[kind];
}
