/** In which state a published router is: docs/api.md says what each means. */
export const ROUTE_STATES = ["live", "held", "emptied", "sleeping", "disabled", "untaken"] as const;
export type RouteState = (typeof ROUTE_STATES)[number];

export const HOLD_KINDS = ["source-away", "blind", "catalog-reset", "mass-removal", "settings-change"] as const;

/** The worst first: the order in which they are told. */
export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where a port lies: docs/ports.md says what each means. */
export const PORT_CLASSES = ["system", "infrastructure", "dynamic", "high"] as const;

/** How a port stands: docs/ports.md says what each means. */
export const PORT_STATUSES = [
  "Reserved",
  "Active",
  "Squatted",
  "Undeclared",
  "Scheduled",
  "Inside",
  "Static",
  "Conflict",
] as const;
