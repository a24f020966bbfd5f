import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import type { Label } from "../labels/labels.ts";
import type { HintSettings } from "./hint-settings.ts";
import { oldKeyHint } from "./old-key.ts";
import { prefixHint } from "./prefix.ts";
import { unexpandedHint } from "./unexpanded.ts";
import { withoutEqualsHint } from "./without-equals.ts";

/**
 * Tags of an exposed instance from which Traefik reads nothing, or a text that another tool was to replace. Traefik says
 * nothing about them. The tags change nothing here either: each finding is a warning.
 *
 * @param labels what the tags set, by key
 */
export function tagHints(
  { tags, service }: Pick<ServiceInstance, "tags" | "service">,
  labels: ReadonlyMap<string, Label>,
  settings: HintSettings,
): readonly Finding[] {
  const unread = [...new Set(tags)].flatMap(
    (tag) => withoutEqualsHint(tag, settings) ?? prefixHint(tag, settings.prefix) ?? [],
  );
  const read = Array.from(labels, ([key, label]) => {
    const path = key.slice("traefik.".length);
    return oldKeyHint(path, label, service, settings.prefix) ?? unexpandedHint(path, label, settings.version) ?? [];
  });
  return [...unread, ...read.flat()];
}
