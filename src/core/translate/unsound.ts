import { foldCase } from "../../go/fold-case.ts";
import { DIAGNOSTIC_CODES } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { resourceKey, type Section, sectionsInUse } from "../traefik/chart/dynamic-config.ts";
import type { Label } from "../traefik/labels/labels.ts";
import { lintObject } from "../traefik/lint/lint.ts";
import { withDefaults } from "../traefik/rule/stated-defaults.ts";
import type { Draft } from "./draft.ts";

/** What Traefik would disable and log with every reload is left out: a router, a service, a middleware, never the others. */
export function dropUnsound({ config, labels, settings, findings, leftOut }: Draft): void {
  const labelOf = labelFinder(labels);
  for (const section of sectionsInUse(config)) {
    for (const [name, written] of config[section]) {
      const object = withDefaults(section, written, settings.traefik);
      if (object !== written) config[section].set(name, object);
      const found = lintObject(section, name, object, settings.traefik);
      if (found.length === 0) continue;
      findings.push(
        ...found.map((finding) => (finding.spot === undefined ? finding : withTag(finding, labelOf(section, name)))),
      );
      const cause = found.find(({ code }) => DIAGNOSTIC_CODES[code].severity === "error");
      if (cause === undefined) continue;
      config[section].delete(name);
      leftOut.set(resourceKey(section, name), { cause, object });
    }
  }
}

/** The finding with the tag that it is about; without a spot where the rule is the default one. */
function withTag({ spot, ...finding }: Finding, label: Label | undefined): Finding {
  return label === undefined || spot === undefined ? finding : { ...finding, tag: label.tag, spot };
}

/** Finds the tag of a router's rule. Spelt alike once for all, and only where a rule is broken: there may be hundreds. */
function labelFinder(labels: Draft["labels"]): (section: Section, name: string) => Label | undefined {
  let byFolded: ReadonlyMap<string, Label> | undefined;
  return (section, name) => {
    byFolded ??= new Map(Array.from(labels, ([key, label]) => [foldCase(key), label] as const).reverse());
    return byFolded.get(foldCase(`traefik.${section.replace("/", ".")}.${name}.rule`));
  };
}
