import { expect } from "vitest";
import { story } from "./play.ts";

const LOG = { paths: ["fixtures/demo"] };

/** The line of titles of the table on screen. */
function titles(text: string, first: string): string {
  return text.split("\n").find((line) => line.includes(first)) ?? "";
}

/** Somebody whose question needs other columns than the usual ones, and who comes back to them later. */
story("columns are typed, kept on the way and fit or are told", LOG, async ({ press, type, see, text, columns }) => {
  await type("6:columns co");
  see("tab: code");
  await press("tab");
  await type(",desision");
  await press("enter");
  see("no column “desision”: did you mean decision?");
  await press("ctrl-u");
  await type("columns code,dec,ua,ns");
  await press("enter");
  expect(titles(text(), "decision")).toMatch(/code +decision +user agent +namespace/);
  await type("16");
  expect(titles(text(), "decision"), "another pane and back").toMatch(/code +decision +user agent +namespace/);
  await type("l+");
  see(/\[decision:"?(allow|forbid)"?\]/);
  await type("X:columns +auditid +received +object +ip +reason +stage");
  await press("enter");
  if (columns < 200) see(/no room for .*namespace/);
  else expect(text()).not.toContain("no room");
  await type(":columns default");
  await press("enter");
  await type(":columns +apiserver");
  await press("enter");
  expect(titles(text(), "API server")).toMatch(/received +\S* *API server +code .*user/);
  await type(":columns default");
  await press("enter");
  see(/›user +latency/);
  expect(text()).not.toContain("no room");
});

story("columns are picked and ordered in a list", LOG, async ({ press, type, see, text }) => {
  await type("2||");
  see("Columns of top", /\[x\] +requests/, /\[x\] +p99/, "these are the columns");
  await type("Jk");
  await press("space", "esc");
  // requests went behind share, which is hidden.
  expect(titles(text(), "over time")).toMatch(/user +requests/);
  expect(text()).not.toContain("share");
  await type("|rq");
  see("share");
  await type("4:columns last,first");
  await press("enter");
  expect(titles(text(), "last seen")).toMatch(/object +last seen +first seen$/);
  await press("ctrl-k");
  await type("columns\r");
  see("Columns of objects", "2 of 4 are shown");
  await press("q");
  await type("1:columns code");
  await press("enter");
  see("this pane has no columns to choose", "requests");
});

story("dimensions are understood by their beginning and by what their field is called", LOG, async (somebody) => {
  const { press, type, see } = somebody;
  await type(":top ns,ver");
  await press("enter");
  see(/namespace × verb/i);
  await type(":top co");
  await press("enter");
  see(/code/i);
  await type(":top na");
  await press("enter");
  see("no dimension “na”: did you mean namespace or name?");
  await press("ctrl-u");
  await type("group-by ns,v");
  see("tab: verb");
  await press("enter");
  see(/namespace × verb/i);
  await type("7:group-by res");
  await press("enter");
  see(/Latency by resource/);
});
