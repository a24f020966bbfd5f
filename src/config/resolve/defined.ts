import { type JudgedFile, judgeFile } from "../../core/operator-config/judge-file.ts";
import type { OperatorConfigSettings } from "../../core/operator-config/operator-config.ts";
import type { Settings } from "../files/schema.ts";

/** What definitions of the operator's are judged by. */
export function operatorConfigSettings({
  traefik: { version, entryPoints },
}: Pick<Settings, "traefik">): OperatorConfigSettings {
  return { version, entryPoints };
}

/** What the settings define for tags to name. Its form is that of Traefik's files, and so are the paths of its problems. */
export function judgeDefined(settings: Pick<Settings, "define" | "traefik">): JudgedFile {
  return judgeFile(settings.define, operatorConfigSettings(settings));
}
