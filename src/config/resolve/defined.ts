import { type JudgedFile, judgeFile } from "../../core/operator-config/judge-file.ts";
import type { OperatorConfigSettings } from "../../core/operator-config/operator-config.ts";
import type { Settings } from "../files/schema.ts";

/** The settings by which the operator's definitions are judged. */
export function operatorConfigSettings({
  traefik: { version, entryPoints, ruleSyntax, defaultEntryPoints },
}: Pick<Settings, "traefik">): OperatorConfigSettings {
  return { version, entryPoints, ruleSyntax, defaultEntryPoints };
}

/** Checks what the settings define for tags to name. It has the form of Traefik's files, and so have the paths of problems. */
export function judgeDefined(settings: Pick<Settings, "define" | "traefik">): JudgedFile {
  return judgeFile(settings.define, operatorConfigSettings(settings));
}
