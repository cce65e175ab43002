import { story } from "./play.ts";

const LOG = { paths: ["fixtures/demo"] };

/** Somebody who knows neither the fields nor the log's own names: tab tells both, and the count what comes of it. */
story("a filter by tab alone", LOG, async ({ press, see }) => {
  await press("1", "/", "u", "s", "tab");
  see("/user:", /1 of 2/);
  await press("a", "l", "i");
  see("tab: alice@example.com (106)");
  await press("tab");
  see("/user:alice@example.com", "106 requests match");
  await press(" ", "v", "e", "r", "b", ":", "d", "tab");
  see("/user:alice@example.com verb:delete", /\d+ requests match/);
  await press("enter");
  see("[user:alice@example.com]", "[verb:delete]");
});

story("a mistyped field or value is mended by tab", LOG, async ({ press, see }) => {
  await press("6", "/", ..."cod:403".split(""));
  see("did you mean `code:`");
  await press("tab");
  see("/code:403", "192 requests match");
  await press("ctrl-u", ..."ns:dmeo".split(""));
  see("no request matches", /tab: demo \(\d+\)/);
  await press("tab", "enter");
  see("[ns:demo]");
});

story("an empty screen says which filter is to blame", LOG, async ({ press, see }) => {
  await press("6", "/", ..."user:alice verb:get".split(""), "enter");
  see("No request matches the filters", "user:alice matches nothing; nearest: user:alice@example.com");
  await press("1");
  see("user:alice matches nothing");
  await press("/", "ctrl-u", ..."verb:watch code:500".split(""), "enter");
  see("no request matches all of these: 500 without code:500, 77 without verb:watch");
  await press("X");
  see("8,819 requests");
});

story("objects, namespaces and dimensions are completed behind :", LOG, async ({ press, see }) => {
  await press(":", ..."trail deploy/ng".split(""));
  see(/tab: deploy\/nginx -n demo \(\d+\)/);
  await press("tab", "enter");
  see(/nginx/, "Roll-out");
  await press(":", ..."top user,ver".split(""), "tab", "enter");
  see(/User × verb|user × verb/i);
  await press(":", ..."filter code:4xx us".split(""), "tab");
  see(":filter code:4xx user:");
});
