import type { Finding } from "../../findings/contract.ts";

/** Without the domain of a mail address at its beginning. */
export function shortTitle({ title, subject: { user = "" } }: Pick<Finding, "title" | "subject">): string {
  const at = user.indexOf("@");
  return at > 0 && title.startsWith(user) ? `${user.slice(0, at)}@…${title.slice(user.length)}` : title;
}
