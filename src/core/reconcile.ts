import { leaveOutBorrowers } from "./borrowing/leave-out-borrowers.ts";
import { leaveOutDetours } from "./borrowing/leave-out-detours.ts";
import { boundRules } from "./budgets/bound-rules.ts";
import { instancesOf } from "./catalog/by-catalog-name.ts";
import { groupInstances } from "./catalog/grouped-instances.ts";
import { explainChanges } from "./changes/explain-changes.ts";
import { instancesLeftOut } from "./changes/instances-left-out.ts";
import { reportClosedPorts } from "./closed-ports/report-closed-ports.ts";
import { reconcileLikeTraefik } from "./compat/reconcile.ts";
import { damp } from "./damping/damping.ts";
import { type Decision, passOf, type ReconcileInput } from "./decision.ts";
import { carriedOver } from "./default-middlewares/carried-over.ts";
import { leaveOutForeignChecks } from "./health-checks/foreign-checks.ts";
import { judgeHosts } from "./hosts/judge-hosts.ts";
import { finish, type Steps } from "./incremental/steps.ts";
import { keepDefinitions } from "./instances/kept-definitions.ts";
import { reportDeclaredPorts } from "./instances/report-declared-ports.ts";
import { translateInstances } from "./instances/translate-instances.ts";
import { instancesAmong, servedAmong } from "./instances/translated-services.ts";
import { lastPassOf } from "./memory.ts";
import { mergeServices } from "./merge/merge.ts";
import { dropUnknownReferences } from "./merge/unknown-references.ts";
import { leaveToNeighbours } from "./neighbours/left-to-neighbours.ts";
import { keepOwners } from "./removals/kept-owners.ts";
import { ownPlaces } from "./removals/own-places.ts";
import { planRemovals } from "./removals/planned-removals.ts";
import { isMadeByOthers } from "./removals/provenance.ts";
import { isOfSettingsBefore } from "./removals/settings-change.ts";
import { isKeptBy, keptRouters } from "./removals/sleepers.ts";
import { withoutSleepingPage } from "./removals/sleeping-page.ts";
import { writeChart } from "./render/write-chart.ts";
import { createStageRunner } from "./stage.ts";
import { reportRegisteredStatics } from "./static-entries/report-registered-statics.ts";
import { reportTargets } from "./targets/report-targets.ts";
import { boundSizes, reasonsWith } from "./unfolding/bound-sizes.ts";
import { warmCaches } from "./warm-caches.ts";

/**
 * The whole decision, as the list of its stages: let wait what must, translate each instance by its own tags, merge what
 * they ask for, leave out what refers to nothing or belongs to another service, retain for a while what disappears, and
 * write the chart. Same input, same output.
 */
export function reconcile(input: ReconcileInput): Decision {
  return finish(reconcileInSteps(input));
}

/** The same in steps: however many instances are new, other work need not wait for more than one of them. */
export function* reconcileInSteps(input: ReconcileInput): Steps<Decision> {
  const { previous: before } = input;
  const pass = passOf(input);
  const { settings, operatorConfig } = pass;
  const registered = instancesOf(pass.snapshots);
  yield* warmCaches(registered, settings, before);
  if (settings.compat === "traefik") return reconcileLikeTraefik(pass, registered, before);

  const stages = createStageRunner(pass);
  const published = lastPassOf(before);
  const demanded = carriedOver(
    published.chart,
    before.chart.defaultMiddlewares,
    settings.traefik.defaultMiddlewares,
    published.operatorNames,
  );
  const { chart: lastChart, left } = leaveToNeighbours(demanded, pass.neighbours);
  const { sleepers, leftAtMs, paged } = before.removals;
  const last = { ...published, chart: withoutSleepingPage(lastChart, paged) };
  // A service that sleeps keeps its names and its hosts as one does of which a guard holds a router.
  const asleep = keptRouters(leftAtMs.keys(), last.owners, isKeptBy(sleepers, settings));
  const lastWithSleepers = asleep.length === 0 ? last : { ...last, holds: [...last.holds, { routers: asleep }] };
  const served = servedAmong(settings);
  const countedBefore = instancesAmong(last.services);
  const reported = groupInstances(registered, before.damping?.reported);
  const damping = yield* stages.run(damp, { reported, countedBefore, served }, before.damping);
  const { instances } = damping.value;
  const statics = yield* stages.run(reportRegisteredStatics, registered, before.statics);
  const translation = yield* stages.run(translateInstances, damping.value, before.translation);
  const isBySameSettings = !isMadeByOthers(before.removals.provenance, settings);
  const definitions = { services: translation.value, isBySameSettings, last };
  const kept = yield* stages.run(keepDefinitions, definitions, before.definitions);
  const services = kept.value;
  yield* stages.run(reportDeclaredPorts, instances, undefined);
  yield* stages.run(reportTargets, registered, undefined);
  const merge = yield* stages.run(mergeServices, { services, published: lastWithSleepers }, before.merge);
  const references = yield* stages.run(
    dropUnknownReferences,
    { ...merge.value, services, published: last },
    before.references,
  );
  const { origin } = merge.value;
  const { definitionOf, leftOut } = references.value;
  const sound = { ...references.value, published: last.chart, owners: merge.value.owners, services };
  const rules = yield* stages.run(boundRules, sound, before.rules);
  const askedFor = {
    ...{ ...rules.value, definitionOf, leftOut, services },
    owners: merge.value.owners,
    previous: lastWithSleepers,
  };
  const hosts = yield* stages.run(judgeHosts, askedFor, before.hosts);
  const { config: allowed, replaced } = hosts.value;
  const { definersOf, sharingServices } = merge.value;
  const using = { config: allowed, definersOf, sharingServices, services, previous: last };
  const borrowing = yield* stages.run(leaveOutBorrowers, using, undefined);
  const isOwnPlace = ownPlaces(last.services, before.removals.heldPorts);
  const isOfOtherSettings = isOfSettingsBefore(before.removals, settings);
  const uncounted = instancesLeftOut(registered, instances);
  const beside = { previous: last, isOwnPlace, isOfOtherSettings };
  const leading = { ...borrowing.value, definersOf, services, uncounted, ...beside };
  const detours = yield* stages.run(leaveOutDetours, leading, undefined);
  const { config: desired, mayOutlive } = detours.value;
  const owners = yield* stages.run(keepOwners, { owners: merge.value.owners, desired }, before.owners);
  const wanted = { desired, replaced, mayOutlive, instances, uncounted, services, last };
  const removals = yield* stages.run(planRemovals, wanted, before.removals);
  const planned = { config: removals.value.config, services, origin, owners: owners.value };
  const checked = yield* stages.run(leaveOutForeignChecks, planned, before.healthChecks);
  const built = { config: checked.value, owners: owners.value, definitionOf, published: last.chart };
  const sizes = yield* stages.run(boundSizes, built, before.sizes);
  const chart = yield* stages.run(writeChart, { ...sizes.value, services, paged: removals.value.paged }, before.chart);
  yield* stages.run(reportClosedPorts, { config: chart.value.chart, services }, undefined);
  const from = { owners: owners.value, origin, services, operatorNames: operatorConfig.origins, uncounted };
  const diagnostics = stages.diagnostics();
  const reasons = reasonsWith(removals.value.reasons, sizes.value.leftOut);
  const told = { reasons, from, diagnostics, left, replaced };
  const chartBefore = withoutSleepingPage(published.chart, paged);
  const compared = { chartBefore, ...removals.value, ...told, chart: chart.value.awake };
  const changes = yield* stages.run(explainChanges, compared, before.changes);
  return {
    ...chart.value,
    changes: changes.value,
    diagnostics,
    memory: {
      damping: damping.carry,
      translation: translation.carry,
      merge: merge.carry,
      references: references.carry,
      rules: rules.carry,
      definitions: kept.carry,
      hosts: hosts.carry,
      owners: owners.carry,
      removals: removals.carry,
      healthChecks: checked.carry,
      statics: statics.carry,
      sizes: sizes.carry,
      chart: chart.carry,
      changes: changes.carry,
    },
    lookAgainAtMs: stages.lookAgainAtMs(),
  };
}
