/** What is installed with the program, and where: archive, .deb and nfpm read this list. */
import { readFileSync } from "node:fs";
import { SCRIPTS } from "../../src/cli/completion/scripts.ts";
import { manPage } from "./man.ts";

export interface InstalledFile {
  /** Its name in the archive and in the folder of the release. */
  readonly name: string;
  /** Where a package puts it. */
  readonly to: string;
  readonly mode: number;
  /** Null: the program itself. */
  readonly text: string | null;
}

export interface InstalledLink {
  readonly to: string;
  readonly target: string;
}

export const LINKS: readonly InstalledLink[] = [{ to: "/usr/bin/kubectl-trail", target: "ktrail" }];

/** `date`: of the release, YYYY-MM-DD; `notices`: what `ktrail --licenses` prints. */
export function installedFiles(version: string, date: string, notices: string): readonly InstalledFile[] {
  const completion = (name: string, to: string, text: string): InstalledFile => ({
    name: `completions/${name}`,
    to,
    mode: 0o644,
    text,
  });
  return [
    { name: "ktrail", to: "/usr/bin/ktrail", mode: 0o755, text: null },
    {
      name: "kubectl_complete-trail",
      to: "/usr/bin/kubectl_complete-trail",
      mode: 0o755,
      text: SCRIPTS.kubectl,
    },
    { name: "ktrail.1", to: "/usr/share/man/man1/ktrail.1", mode: 0o644, text: manPage(version, date) },
    completion("ktrail.bash", "/usr/share/bash-completion/completions/ktrail", SCRIPTS.bash),
    completion("_ktrail", "/usr/share/zsh/vendor-completions/_ktrail", SCRIPTS.zsh),
    completion("ktrail.fish", "/usr/share/fish/vendor_completions.d/ktrail.fish", SCRIPTS.fish),
    { name: "LICENSE", to: "/usr/share/doc/ktrail/copyright", mode: 0o644, text: readFileSync("LICENSE", "utf8") },
    { name: "THIRD-PARTY-NOTICES", to: "/usr/share/doc/ktrail/THIRD-PARTY-NOTICES", mode: 0o644, text: notices },
  ];
}
