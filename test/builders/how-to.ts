import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { documentedCommands } from "./documented-commands.ts";

/** A service of a job, as a page shows it. */
export interface ShownService {
  readonly name: string;
  readonly tags: readonly string[];
  readonly canaryTags: readonly string[];
}

/** A page of docs/how-to, taken apart. */
export interface HowTo {
  /** Its file's name. */
  readonly name: string;
  readonly text: string;
  /** Portolan's own files by the name that stands before them: in `policy.yml`: */
  readonly files: ReadonlyMap<string, string>;
  /** Traefik's static configuration. */
  readonly staticConfig: string | undefined;
  readonly services: readonly ShownService[];
  /** What the page says that the chart has. */
  readonly charts: readonly string[];
  /** Commands of portolan's behind a prompt, and what they print. */
  readonly commands: readonly { readonly words: readonly string[]; readonly printed: string }[];
}

const BLOCK = /^(?<before>[^\n]+)\n\n```(?<language>\w*)\n(?<content>.*?)^```$/gms;

/** Reads a page by the rules that all of them keep. */
export async function readHowTo(path: string): Promise<HowTo> {
  const text = await readFile(path, "utf8");
  const files = new Map<string, string>();
  const charts: string[] = [];
  const services: ShownService[] = [];
  let staticConfig: string | undefined;
  for (const { groups } of text.matchAll(BLOCK)) {
    const { before = "", language = "", content = "" } = groups ?? {};
    const [, file] = /`([\w/.-]+\.yml)`[^`]*:$/.exec(before) ?? [];
    if (language === "yaml" && file !== undefined) files.set(file, content);
    else if (language === "yaml" && before.endsWith("Traefik's static configuration:")) staticConfig = content;
    else if (language === "yaml" && before.endsWith("The chart then has")) charts.push(content);
    else if (language === "hcl") services.push(shownService(content));
    else if (language !== "") throw new Error(`${path}: what is the block behind ${JSON.stringify(before)}?`);
  }
  return { name: basename(path), text, files, staticConfig, services, charts, commands: commandsIn(text) };
}

function shownService(text: string): ShownService {
  const [, name = ""] = /^ *name += "([^"]+)"$/m.exec(text) ?? [];
  const list = (key: string) => {
    const [, entries = ""] = new RegExp(`^ *${key} += \\[\\n(.*?)^ *\\]$`, "ms").exec(text) ?? [];
    return [...entries.matchAll(/^ *"(.*)",$/gm)].map(([, tag = ""]) => tag);
  };
  return { name, tags: list("tags"), canaryTags: list("canary_tags") };
}

function commandsIn(text: string): HowTo["commands"] {
  const blocks = [...text.matchAll(/^```\n(\$ .*?)^```$/gms)].map(([, content = ""]) => content);
  return blocks.flatMap((content) =>
    content
      .split(/^\$ /m)
      .slice(1)
      .flatMap((step) => {
        const [, command = "", printed = ""] = /^((?:[^\n]*\\\n)*[^\n]*)\n(.*)$/s.exec(step) ?? [];
        const [documented] = documentedCommands("", `\`\`\`\n${command}\n\`\`\``);
        return documented === undefined ? [] : [{ words: documented.words, printed }];
      }),
  );
}
