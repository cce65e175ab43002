import { KtrailError } from "../../errors.ts";
import { SCRIPTS } from "../completion/scripts.ts";
import type { CliCommand } from "../contract.ts";
import { didYouMean, quoted } from "../option-values.ts";

const SHELLS = Object.keys(SCRIPTS);

export const completion: CliCommand = {
  name: "completion",
  about: "a script that teaches a shell to complete command lines of ktrail, values of the log among them",
  operands: [SHELLS.join("|")],
  files: "none",
  options: [],
  outputs: [],
  examples: [
    ["source <(ktrail completion bash)", "in ~/.bashrc; zsh the same, behind compinit"],
    ["ktrail completion fish | source", "in ~/.config/fish/config.fish"],
    [
      "ktrail completion kubectl >~/bin/kubectl_complete-trail; chmod +x ~/bin/kubectl_complete-trail",
      "for kubectl trail",
    ],
  ],
  text: (operands) => {
    const [shell = ""] = Object.values(operands);
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell as keyof typeof SCRIPTS] : undefined;
    if (script !== undefined) return Promise.resolve(script);
    throw new KtrailError(
      "KT100",
      `there is no script for ${quoted(shell)}${didYouMean(shell, SHELLS)} (${SHELLS.join(", ")})`,
    );
  },
};
