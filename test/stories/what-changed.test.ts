import { story } from "./play.ts";

/**
 * A Deployment misbehaved for some seconds and is fine again. Known: `nginx` in `demo`, between 00:09:31 and 00:09:36.
 * Needed: every change of it in that time, by whom, what exactly.
 */
story("what changed in this Deployment between two moments", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  await press("4", "/", "deploy demo/nginx", "enter");
  see("▸ deploy/nginx -n demo");
  await press("o", "V");
  see(/Roll-out 2\/5 .*alice@example\.com/, /Roll-out 3\/5/, /Roll-out 4\/5/);
  await press("j", "j", "enter");
  see("Roll-out 3/5", "00:09:32", /image nginx:1\.26 → nginx:1\.27-/);
  await press("D");
  see(/nginx:1\.26 → nginx:1\.27-typo/, "alice@example.com");
});
