import { flowText, type WrittenValue } from "../../../config/written/written-settings.ts";

/** A setting's value in one line, as it would stand in the file, but for quotes around a text. */
export function settingText(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  return value === undefined ? "" : flowText(value as WrittenValue);
}
