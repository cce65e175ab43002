/**
 * Prints the share of correct owner links over all Deployments, StatefulSets, DaemonSets, Jobs and CronJobs of audit logs
 * at RequestResponse level, as they are and stripped to Metadata level. The truth is read from the ownerReferences in the
 * bodies, apart from lineage's own code.
 *
 * node scripts/lineage-truth.ts FILE… (a directory ends with a slash)
 */
import { birthsOf, falseLinks, scoreLinks, trueLinks } from "../test/lineage/link-truth.ts";
import { atMetadataLevel } from "../test/lineage/metadata-level.ts";
import { lineageOf, readEvents } from "../test/lineage/read-log.ts";

const inputs = process.argv.slice(2);
if (inputs.length === 0) {
  process.stderr.write("usage: node scripts/lineage-truth.ts FILE…\n");
  process.exit(2);
}
for (const input of inputs) {
  const events = readEvents(input);
  const truth = trueLinks(events);
  const births = birthsOf(events);
  const levels = [
    ["as logged", events],
    ["Metadata", atMetadataLevel(events)],
  ] as const;
  for (const [level, log] of levels) {
    const lineage = lineageOf(log);
    const score = scoreLinks(lineage, truth, births);
    const share = score.total === 0 ? 100 : (100 * score.right) / score.total;
    const invented = falseLinks(lineage, truth, births);
    process.stdout.write(
      `${input} ${level}: ${share.toFixed(2)} % of ${String(score.total)} links right, ${String(score.wrong)} wrong ` +
        `(${String(score.wrongCertain)} at "certain"), ${String(score.missing)} missing, ${String(invented.length)} invented\n`,
    );
    for (const example of [...score.examples, ...invented.slice(0, 10)]) process.stdout.write(`  ${example}\n`);
  }
}
