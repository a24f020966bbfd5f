import type { Address } from "../addresses.ts";

/** What stands in the address of a view behind `?`, by name. It is changed by `replaceAddress`, or by a link to another address. */
export type ViewQuery = Address["query"];
