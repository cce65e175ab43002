import { story } from "./play.ts";

/**
 * The API server was restarted during the night. Known: only that. Needed: when it was away and for how long, what was cut
 * off, and what went wrong right after. (SIGTERM 00:13:43, killed 00:13:58, ready 00:14:02.8.)
 */
story("the API server restarted", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  await press("6", "}", "}", "}", "}", "}");
  see(/00:13:43\.\d+ .*\n▸ 00:14:00\.768/, "restart: 17.6 s of silence, 23 cut off, before this request");
  // Just after it: the first errors.
  await press("e");
  see(/▸ 00:14:00\.77\d +403/, /^ error \d+ of 1,343/m);
  await press("d");
  see("403 Forbidden", /not yet synchronized|startup|unknown to the API server|no relationship|forbidden/i);
});
