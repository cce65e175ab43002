import { story } from "./play.ts";

/**
 * A Deployment runs half its pods. Known: `nginx` in `demo`. Needed: who scaled it, from which machine, with what, from how
 * many to how many; and a dry run must not be taken for it.
 */
story("who scaled it down, and from where", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  await press("/", "sub:scale ns:demo name:nginx", "enter", "6");
  see("1 of 5", /00:10:25\.058 +200 +patch +deplo\S*\/scale +demo\/nginx +alice@/, /\(dry run\)/);
  await press("j", "D");
  see(/spec\.replicas +4 → 2/, "by alice@example.com");
  await press("d");
  see("Who did it  human", "alice@example.com");
  await press("]", "]", "]", "]");
  see("127.0.0.50", "kubectl/v1.36.2");
});
