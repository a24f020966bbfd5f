import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is looked at of a panel; a row is one, too. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: ReadonlyArray<{ readonly expr: string; readonly legendFormat: string }>;
}

/** What is looked at of Grafana's model of a dashboard. */
export interface Dashboard {
  readonly id: null;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string; readonly definition?: string }> };
  readonly annotations: {
    readonly list: ReadonlyArray<{ readonly name: string; readonly expr: string; readonly textFormat: string }>;
  };
}

export function readDashboard(): Dashboard {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, "../../deploy/grafana-dashboard.json"), "utf8"),
  ) as Dashboard;
}

/** An expression of the dashboard, as Prometheus is asked it: Grafana's own variables have values. */
export interface DashboardQuery {
  /** The panel's title, or what else it belongs to. */
  readonly of: string;
  readonly expr: string;
  readonly legend: string;
}

export function panelQueries({ panels, annotations, templating }: Dashboard): readonly DashboardQuery[] {
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ of: title, expr: asked(expr), legend: legendFormat })),
  );
  const ofAnnotations = annotations.list.map(({ name, expr, textFormat }) => ({
    of: `annotation ${name}`,
    expr: asked(expr),
    legend: textFormat,
  }));
  const ofVariables = templating.list.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [{ of: `variable ${name}`, expr: askedOfVariable(definition), legend: "" }],
  );
  return [...ofPanels, ...ofAnnotations, ...ofVariables];
}

function asked(expr: string): string {
  return expr.replaceAll("$__rate_interval", "1m").replaceAll(/\$(?:node|edge)\b/g, ".*");
}

/** `label_values(SERIES, LABEL)` is Grafana's; the label is asked for as PromQL asks for one. */
function askedOfVariable(definition: string): string {
  const [, series = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
  return `count by (${label}) (${asked(series)})`;
}
