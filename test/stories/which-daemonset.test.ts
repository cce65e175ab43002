import { story } from "./play.ts";

/**
 * The API server's load has risen. Known: the graph. Needed: who tripled it, from how many nodes, since when, and what was
 * changed then. The log is generated: 20 nodes, a DaemonSet whose new version lists pods 20 times as often from 00:20 on.
 */
story(
  "which DaemonSet tripled the load",
  { generated: ["generated-daemonset.log"] },
  async ({ press, see, columns }) => {
    see(/node-agent +▲ 2\.7× +6\.7\/s +2\.5\/s/);
    // Straight to the table of what changed, and down to the addresses behind its first row.
    await press("l");
    see(/▸ \S+node-agent +▲ 2\.7×/);
    await press("B", "i");
    see("20 source IPs · 4,400 requests", /10\.1\.0\.1 +220 +5\.0%/);
    await press("q", "B", "e");
    see(/node-agent\/1\.9\.0 +4,000/, /node-agent\/1\.8\.0 +400/);
    if (columns >= 120) see(/node-agent\/1\.9\.0 .*00:29:59/);
    // The new version's first request, and what people did just before it.
    await press("enter");
    see(/▸ 00:20:00\.\d+ +200 +list +pods/);
    await press("q", "q", "H", "6");
    see(/00:19:56\.000 +200 +patch +daemonsets/, /ode-agent/, "carol@");
  },
);
