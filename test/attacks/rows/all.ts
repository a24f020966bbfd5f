import type { Trial } from "../../trials/trial.ts";
import { BORROWING_ATTACKS } from "./borrowing.ts";
import { BUDGET_ATTACKS } from "./budgets.ts";
import { CONNECTION_ATTACKS } from "./connections.ts";
import { DEFAULT_MIDDLEWARE_ATTACKS } from "./default-middlewares.ts";
import { FILES_BESIDE_ATTACKS } from "./files-beside.ts";
import { HOLD_ATTACKS } from "./holds.ts";
import { HOST_ATTACKS } from "./hosts.ts";
import { KINSHIP_ATTACKS } from "./kinship.ts";
import { LENT_MIDDLEWARE_ATTACKS } from "./lent-middlewares.ts";
import { MESSENGER_ATTACKS } from "./messenger.ts";
import { NAMESPACE_ATTACKS } from "./namespaces.ts";
import { SLIP_ATTACKS } from "./slips.ts";
import { TLS_ATTACKS } from "./tls.ts";

/** Every attack, family by family. */
export const ALL_ATTACKS: readonly Trial[] = [
  ...BUDGET_ATTACKS,
  ...HOST_ATTACKS,
  ...KINSHIP_ATTACKS,
  ...NAMESPACE_ATTACKS,
  ...HOLD_ATTACKS,
  ...FILES_BESIDE_ATTACKS,
  ...CONNECTION_ATTACKS,
  ...LENT_MIDDLEWARE_ATTACKS,
  ...BORROWING_ATTACKS,
  ...MESSENGER_ATTACKS,
  ...TLS_ATTACKS,
  ...DEFAULT_MIDDLEWARE_ATTACKS,
  ...SLIP_ATTACKS,
];
