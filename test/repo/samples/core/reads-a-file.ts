import { readFileSync } from "node:fs";

export const text = readFileSync("settings.yaml", "utf8");
