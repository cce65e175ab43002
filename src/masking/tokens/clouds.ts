import { hex, lower, mixed, type TokenPattern } from "./contract.ts";

/** Of clouds and hosting. */
export const CLOUDS: readonly TokenPattern[] = [
  {
    id: "aws-key-id",
    starts: ["AK", "AS", "AB", "AC", "A3"],
    pattern: /(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16}(?![A-Za-z0-9])/,
    samples: ["AKIAQ3EGTR5XZ7WLMN2B"],
  },
  {
    id: "aws-bedrock",
    starts: ["AB", "be"],
    pattern: /(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/=-]{20,}/,
    samples: [`ABSK${mixed(60)}`],
  },
  { id: "google-api-key", starts: ["AI"], pattern: /AIza[\w-]{30,}/, samples: [`AIza${mixed(35)}`] },
  { id: "google-oauth", starts: ["ya"], pattern: /ya29\.[\w-]{20,}/, samples: [`ya29.${mixed(60)}`] },
  { id: "google-oauth-secret", starts: ["GO"], pattern: /GOCSPX-[\w-]{20,}/, samples: [`GOCSPX-${mixed(28)}`] },
  { id: "google-refresh", starts: ["1/"], pattern: /1\/\/0[\w-]{30,}/, samples: [`1//0g${mixed(60)}`] },
  { id: "azure-client-secret", hint: "Q~", pattern: /[\w~.]{3}\dQ~[\w~.-]{30,40}/, samples: [`abc8Q~${mixed(34)}`] },
  {
    id: "azure-storage",
    starts: ["Ac", "Sh"],
    keep: /(?:AccountKey|SharedAccessKey|SharedAccessSignature)=/,
    pattern: /[^;\s"']+/,
    samples: [`DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${mixed(86)}==;EndpointSuffix=y`],
  },
  { id: "alibaba", starts: ["LT"], pattern: /LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9])/, samples: [`LTAI5t${mixed(18)}`] },
  { id: "tencent", starts: ["AK"], pattern: /AKID[A-Za-z0-9]{28,36}(?![A-Za-z0-9])/, samples: [`AKID${mixed(32)}`] },
  { id: "digitalocean", starts: ["do"], pattern: /do[opr]_v1_[a-f0-9]{40,}/, samples: [`dop_v1_${hex(64)}`] },
  { id: "yandex", starts: ["AQ", "YC"], pattern: /(?:AQVN|YCA[A-Z])[\w-]{30,}/, samples: [`AQVN${mixed(36)}`] },
  { id: "scaleway", starts: ["SC"], pattern: /SCW[A-Z0-9]{17}(?![A-Za-z0-9])/, samples: ["SCWQ7RX2MVB9ZTL4CWN8"] },
  {
    id: "hetzner-fly-render",
    starts: ["Fl", "fo", "rn", "rp", "ra"],
    pattern: /(?:FlyV1 fm\d_|fo1_|rnd_|rpa_|railway_)[\w+/=,-]{20,}/,
    samples: [`FlyV1 fm2_${mixed(60)}`],
  },
  { id: "heroku", starts: ["HR"], pattern: /HRKU-[\w-]{30,}/, samples: [`HRKU-${lower(36)}`] },
  {
    id: "cloudflare",
    starts: ["v1"],
    pattern: /v1\.0-[a-f0-9]{24}-[a-f0-9]{100,}/,
    samples: [`v1.0-${hex(24)}-${hex(146)}`],
  },
];
