/**
 * Prints how often `why` and the roll-outs of `trail` are right, honest, or wrong and called certain: on a log as it is, at
 * lower levels, damaged, and reordered. The truths are read from the undamaged bodies by rules of Kubernetes alone (the
 * ReplicaSets' annotations, ownerReferences, who asked first for a removal), apart from lineage's own code.
 *
 * node scripts/lineage-truth.ts [--only TEXT] [--examples] [--missed] FILE… (a directory ends with a slash)
 */
import { parseArgs } from "node:util";
import { text } from "../src/lineage/json.ts";
import { birthsOf, scoreLinks, trueLinks } from "../test/lineage/link-truth.ts";
import { lineageOf, readEvents } from "../test/lineage/read-log.ts";
import { BODIES, calledIn, IDENTITIES, LEVELS, LOSSES, ORDERS, type Variant } from "../test/lineage/truth/damage.ts";
import { microseconds, writesOf } from "../test/lineage/truth/events.ts";
import { trueEnds } from "../test/lineage/truth/removals.ts";
import { trueRollouts } from "../test/lineage/truth/scaling.ts";
import { scoreEnds, scoreRollouts } from "../test/lineage/truth/score.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    examples: { type: "boolean", default: false },
    missed: { type: "boolean", default: false },
  },
});
if (positionals.length === 0) {
  process.stderr.write("usage: node scripts/lineage-truth.ts [--only TEXT] [--examples] FILE…\n");
  process.exit(2);
}
const poor = LEVELS.find(({ name }) => name === "Metadata");
const atBoth = (variants: readonly Variant[]): Variant[] =>
  variants.flatMap((variant) => [
    variant,
    {
      ...variant,
      name: `Metadata, ${variant.name}`,
      damage: (events) => variant.damage(poor?.damage(events) ?? events),
    },
  ]);
const VARIANTS = [...LEVELS, ...BODIES, ...atBoth(IDENTITIES), ...atBoth(LOSSES), ...atBoth(ORDERS)];

const print = (...cells: readonly (string | number)[]): void => {
  const [name = "", ...figures] = cells;
  process.stdout.write(`${String(name).padEnd(34)}${figures.map((figure) => String(figure).padStart(9)).join("")}\n`);
};

for (const input of positionals) {
  const events = readEvents(input);
  const ends = [...trueEnds(events).values()];
  const rollouts = trueRollouts(writesOf(events));
  const links = trueLinks(events);
  const births = birthsOf(events);
  process.stdout.write(`\n${input}\n`);
  print("", "asked", "right", "certain", "honest", "WRONG", "% wrong", "rollouts", "right", "links", "WRONG");
  for (const variant of VARIANTS) {
    if (!variant.name.includes(values.only)) continue;
    const log = variant.damage(events);
    const endUs = log.reduce((last, event) => Math.max(last, microseconds(text(event, "stageTimestamp"))), 0);
    const lineage = lineageOf(log, { raw: true });
    const named = ends.map((end) => calledIn(variant, end));
    const begun = rollouts.map((of) => ({ ...of, rollouts: of.rollouts.map((one) => calledIn(variant, one)) }));
    const score = scoreEnds(lineage, named, endUs);
    const rolled = scoreRollouts(lineage, begun);
    const owned = scoreLinks(lineage, links, births);
    print(
      variant.name,
      score.asked,
      score.right,
      score.certain,
      score.honest,
      score.wrongCertain,
      ((100 * score.wrongCertain) / Math.max(1, score.asked)).toFixed(2),
      rolled.deployments,
      rolled.right,
      owned.total,
      owned.wrongCertain,
    );
    if (values.missed) for (const example of score.missed) process.stdout.write(`    ${example}\n`);
    if (values.examples)
      for (const example of [...score.examples, ...rolled.examples]) process.stdout.write(`    ${example}\n`);
  }
}
