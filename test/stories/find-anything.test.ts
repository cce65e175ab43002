import { story } from "./play.ts";

const LOG = { paths: ["fixtures/demo"] };

/** Somebody was told one thing and nothing else: a name, an address, a code, a time. Known: that. Needed: the place it is about. */
story("one prompt for whatever one was told", LOG, async ({ press, see }) => {
  await press("ctrl-k", ..."deploy nginx".split(""));
  see(/object +deploy(?:ments\.apps)?\/nginx/);
  await press("enter");
  see("Trail of deploy/nginx -n demo");
  await press("ctrl-k", ..."127.0.0.66".split(""));
  see(/address +127\.0\.0\.66/);
  await press("enter");
  see('[ip:"127.0.0.66"]');
  await press("esc", "ctrl-k", ..."403".split(""), "enter");
  see("403 Forbidden", "Who, on what");
  await press("ctrl-k", ..."00:10:25".split(""));
  see(/time +at 00:10:25/);
  await press("enter");
  see(/▸ 00:10:25\.0/);
  await press("ctrl-k", ..."at:00:09:30".split(""), "enter");
  see(/▸ 00:09:30\./);
  await press("ctrl-k", ..."curl".split(""));
  see(/program +curl\/8/);
  await press("esc", "ctrl-k", ..."ingress".split(""));
  see(/namespace +ingress/);
  await press("esc", "ctrl-k", ..."theme".split(""), "enter");
  see(/^:theme$/m, "colours of the screen");
});

story("what is nearest comes first", LOG, async ({ press, see }) => {
  await press("ctrl-k", ..."mallory".split(""), "enter");
  see('[user:"mallory@example.com"]');
  await press("ctrl-k", ..."latency".split(""), "enter");
  see("Latency by");
});

story("what is typed and accepted at once is found all the same", LOG, async ({ press, type, see }) => {
  await press("ctrl-k");
  await type("mallory\r");
  see('[user:"mallory@example.com"]');
});
