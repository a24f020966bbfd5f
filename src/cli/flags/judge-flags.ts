import { DEFAULT_SETTINGS_FILE, SETTINGS_VARIABLE } from "../../config/files/settings-file.ts";
import type { Flag } from "../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../command-line/flags.ts";
import { JSON_FLAG } from "./check-flags.ts";

/** Flags of the checks of what would be registered. */
export const JUDGE_FLAGS: readonly Flag[] = [
  {
    ...SETTINGS_FLAG,
    help: `settings to judge by (${SETTINGS_VARIABLE}, ${DEFAULT_SETTINGS_FILE}; else portolan's defaults)`,
  },
  { name: "catalog", value: "NAME", help: "one of the settings' catalogs, in which it would be registered" },
  JSON_FLAG,
];
