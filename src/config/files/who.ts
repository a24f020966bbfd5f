import { text } from "./field-kinds.ts";

/** Whom a rule of the policy or an allowance of the settings is about. */
export const who = {
  service: text.exactOptional(),
  job: text.exactOptional(),
  namespace: text.exactOptional(),
  node: text.exactOptional(),
  datacenter: text.exactOptional(),
};
