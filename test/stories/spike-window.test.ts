import { story } from "./play.ts";

/**
 * A spike of 429s was over long before the log ends. Known: when it was. Needed: who made it, against the time just before,
 * not against what came after.
 */
story("what changed in a window around a spike", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  await press("1", "/", "since:00:15:50 until:00:16:00", "enter");
  see("10.0 s vs as long before", /load\/burst +new +1?\d\d\/s/);
  await press("/", "ctrl-u", "enter", ":", "compare by who", "enter");
  await press("/", "since:00:15:50 until:00:16:00", "enter");
  see("00:15:40", "00:15:50", /load\/burst.* new/);
  // The requests before it can be opened too.
  await press("j", "j", "j", "j", "j", "h", "enter");
  see(/noisy-agent/, /00:15:4\d\.\d+ +200 +list/);
  await press("esc");
  see(/load\/burst.* new/, "[since:00:15:50]");
});
