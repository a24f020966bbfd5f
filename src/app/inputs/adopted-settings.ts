import type { Settings } from "../../config/files/schema.ts";

/** Settings as a running portolan adopts them: what needs a restart stays as it was at its start. */
export function adoptedSettings(next: Settings, initial: Settings): Settings {
  const { consul, nomad, output, stateDir, listen, edges } = initial;
  return { ...next, consul, nomad, output, stateDir, listen, edges };
}
