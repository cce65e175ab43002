/** Manifests of the package channels, all of one version, one list of files and the checksums of its archives. */
import { stringify } from "yaml";
import { type InstalledFile, LINKS } from "./files.ts";

export interface Release {
  readonly version: string;
  /** One clause, from package.json. */
  readonly about: string;
  /** Where releases are: https://github.com/OWNER/NAME. */
  readonly home: string;
  readonly license: string;
  readonly archives: readonly Archive[];
}

export interface Archive {
  /** As Node has it: linux-x64. */
  readonly target: string;
  readonly sha256: string;
}

/** As Go, krew, Debian and container images have it. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

export function archiveName(version: string, target: string): string {
  const { os, arch } = platform(target);
  return `ktrail_${version}_${os}_${arch}.tar.gz`;
}

export function platform(target: string): { readonly os: string; readonly arch: string } {
  const [system = "", processor = ""] = target.split("-");
  return { os: system === "win32" ? "windows" : system, arch: ARCHITECTURES[processor] ?? processor };
}

/** Description of what a package of any kind needs: glibc 2.28 and libstdc++, which Node is linked with. */
const DEPENDS = { deb: ["libc6 (>= 2.28)", "libstdc++6"], rpm: ["glibc >= 2.28", "libstdc++"] };

export function debControl({ version, about, home }: Release, arch: string, kilobytes: number): string {
  return `Package: ktrail
Version: ${version}
Architecture: ${arch}
Maintainer: ktrail maintainers <${new URL(home).hostname}>
Installed-Size: ${kilobytes}
Depends: ${DEPENDS.deb.join(", ")}
Section: admin
Priority: optional
Homepage: ${home}
Description: ${about}
 ktrail answers who did what, why it was allowed, and why something is gone,
 from the audit log of a Kubernetes API server: files, rotated sets, live.
`;
}

export function nfpm({ version, about, home, license }: Release, files: readonly InstalledFile[]): string {
  return stringify({
    name: "ktrail",
    arch: "${ARCH}",
    platform: "linux",
    version,
    section: "admin",
    maintainer: `ktrail maintainers <${new URL(home).hostname}>`,
    description: about,
    homepage: home,
    license,
    contents: [
      ...files.map(({ name, to, mode }) => ({ src: `\${FILES}/${name}`, dst: to, file_info: { mode } })),
      ...LINKS.map(({ to, target }) => ({ src: target, dst: to, type: "symlink" })),
    ],
    overrides: { deb: { depends: DEPENDS.deb }, rpm: { depends: DEPENDS.rpm } },
  });
}

/** The plugin `trail` of kubectl's package manager; krew links it as kubectl-trail. */
export function krew({ version, about, home, archives }: Release): string {
  return stringify({
    apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
    kind: "Plugin",
    metadata: { name: "trail" },
    spec: {
      version: `v${version}`,
      homepage: home,
      shortDescription: "Explore Kubernetes audit logs",
      description: `${about}: who did what, why it was allowed, and why something is gone.\nIt reads the log where it is (files, rotated sets, stdin, live) and needs no access to a cluster.\n`,
      platforms: archives.map(({ target, sha256 }) => {
        const { os, arch } = platform(target);
        return {
          selector: { matchLabels: { os, arch } },
          uri: `${home}/releases/download/v${version}/${archiveName(version, target)}`,
          sha256,
          files: ["ktrail", "LICENSE", "THIRD-PARTY-NOTICES"].map((from) => ({ from, to: "." })),
          bin: "ktrail",
        };
      }),
    },
  });
}

/** For a tap: the prebuilt program. */
export function homebrew({ version, about, home, license, archives }: Release): string {
  const blocks = archives.map(({ target, sha256 }) => {
    const { os, arch } = platform(target);
    return `  on_${os === "darwin" ? "macos" : os} do
    on_${arch === "amd64" ? "intel" : "arm"} do
      url "${home}/releases/download/v${version}/${archiveName(version, target)}"
      sha256 "${sha256}"
    end
  end
`;
  });
  return `class Ktrail < Formula
  desc "${about}"
  homepage "${home}"
  version "${version}"
  license "${license}"

${blocks.join("\n")}
  def install
    bin.install "ktrail", "kubectl_complete-trail"
    bin.install_symlink "ktrail" => "kubectl-trail"
    man1.install "ktrail.1"
    bash_completion.install "completions/ktrail.bash" => "ktrail"
    zsh_completion.install "completions/_ktrail"
    fish_completion.install "completions/ktrail.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ktrail --version")
  end
end
`;
}

/** For \`kubectl debug node/N -it --image=… --profile=sysadmin\`: the node's files are below /host. */
export function dockerfile({ version, about, home, license }: Release): string {
  return `FROM gcr.io/distroless/cc-debian12
ARG TARGETARCH
LABEL org.opencontainers.image.title="ktrail" \\
      org.opencontainers.image.description="${about}" \\
      org.opencontainers.image.version="${version}" \\
      org.opencontainers.image.source="${home}" \\
      org.opencontainers.image.licenses="${license}"
COPY \${TARGETARCH}/ktrail /usr/bin/ktrail
COPY \${TARGETARCH}/LICENSE \${TARGETARCH}/THIRD-PARTY-NOTICES /usr/share/doc/ktrail/
ENV LANG=C.UTF-8 TERM=xterm-256color
ENTRYPOINT ["/usr/bin/ktrail"]
CMD ["/host/var/log/kubernetes/audit"]
`;
}
