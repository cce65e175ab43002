import { expect } from "vitest";
import { DEMO, logsIn } from "../support/log-files.ts";
import { microsOf, oracleRequests } from "../support/oracle.ts";
import { story } from "./play.ts";

const LOG = { paths: ["fixtures/demo"] };
const received = oracleRequests(logsIn(DEMO)).map(({ received: time }) => microsOf(time));

/** Something stands out in a chart. Known: where it is drawn. Needed: only that, and whether it was so before. */
story("from a chart to what is under it", LOG, async ({ press, see, text }) => {
  await press("1", ".");
  see(/00:02:[12]\d, \d+\.\d+ s · ⏎ zooms/);
  await press(">", ">", ">", ">", "r", ">");
  const [, from = "", to = ""] = /(00:\d\d:\d\d)–(00:\d\d:\d\d), /.exec(text()) ?? [];
  const at = (clock: string): number => microsOf(`2026-11-21T${clock}Z`);
  expect(at(to)).toBeGreaterThan(at(from));
  const count = received.filter((us) => us >= at(from) && us < at(to)).length;
  await press("=");
  see("Compare by who", `B ${from}–`, ` ${count.toLocaleString("en")} · `);
  await press("esc", "enter");
  see(new RegExp(`\\[${from}.* – ${to}.* UTC\\]`), `${count.toLocaleString("en")} requests`);
  await press("Z");
  await press("X", ".", ".", "esc");
  see("no filter", "8,819 requests");
  expect(text()).not.toContain("⏎ zooms");
});

story("the same cursor over every chart", LOG, async ({ press, see, columns }) => {
  await press("3", ",");
  see("⏎ zooms", "│");
  await press("7", ",", "<", "r", "<");
  see(/├─+┤/);
  await press("enter");
  see(/\[00:1\d:\d\d/);
  await press("X", "2", ".");
  if (columns >= 120) see("▲");
});

/** Keys typed ahead of a chart that is still counted move over it when it is there. */
story("before the chart is drawn", LOG, async ({ type, see }) => {
  await type("3.>r>");
  see(/├─+┤/, /00:\d\d:\d\d–00:/);
});

story("to a time that was named elsewhere", LOG, async ({ press, see }) => {
  const since = received.filter((us) => us >= microsOf("2026-11-21T00:10:25Z")).toSorted((a, b) => a - b);
  const rows = received.length - since.length + 1;
  await press("6", ":", ..."goto 00:10:25".split(""), "enter");
  see(`${rows.toLocaleString("en")} of 8,819`, "▸ 00:10:25.");
  await press("4", ":", ..."goto 00:10:25".split(""), "enter");
  see(`${rows.toLocaleString("en")} of 8,819`);
  await press("1", ":", ..."goto 00:10:25".split(""), "enter");
  see(/00:10:[12]\d, \d+\.\d+ s · ⏎ zooms/);
  await press("z");
  see("[00:06:");
  await press("X", "6", ":", ..."goto 00:16:59".split(""), "enter");
  see("8,819 of 8,819", "the last request before that time");
});
