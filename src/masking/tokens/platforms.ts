import { hex, lower, mixed, type TokenPattern } from "./contract.ts";

/** Of models, data, monitoring and networks. */
export const PLATFORMS: readonly TokenPattern[] = [
  {
    id: "openai-anthropic",
    starts: ["sk"],
    pattern: /sk-(?:(?:proj|svcacct|admin|ant|or|lf|[a-z]{2,5}\d{2})-[\w-]{20,}|[A-Za-z0-9]{32,})/,
    samples: [`sk-proj-${mixed(48)}`],
  },
  {
    id: "groq-xai-perplexity",
    starts: ["gs", "xa", "pp", "tg", "tv", "fc", "ji", "nv", "cs", "sk"],
    pattern: /(?:gsk_|xai-|pplx-|tgp_v1_|tvly-(?:dev-|prod-)?|fc-|jina_|nvapi-|csk-|sk_car_)[A-Za-z0-9_]{24,}/,
    samples: [`gsk_${mixed(52)}`],
  },
  {
    id: "databricks",
    starts: ["da", "do", "dk"],
    pattern: /d(?:api|ose|kea)[a-f0-9]{32}(?:-\d+)?(?![A-Za-z0-9])/,
    samples: [`dapi${hex(32)}-2`],
  },
  { id: "grafana", starts: ["gl"], pattern: /gl(?:c|sa)_[\w+/=]{24,}/, samples: [`glsa_${mixed(32)}_${hex(8)}`] },
  { id: "newrelic", starts: ["NR"], pattern: /NR(?:AK|JS|RA|II|IQ|SP|AL)-[\w-]{16,}/, samples: [`NRAK-${mixed(27)}`] },
  {
    id: "dynatrace",
    starts: ["dt"],
    pattern: /dt0[a-z]\d{2}\.[A-Z0-9]{20,}\.[A-Z0-9]{40,}/,
    samples: [`dt0c01.${"Q7RX2MVB9ZTL4CWN8YPD3SHF"}.${"Q7RX2MVB9ZTL4CWN".repeat(4)}`],
  },
  { id: "sentry", starts: ["sn"], pattern: /sntry[su]_[\w+/=-]{30,}/, samples: [`sntrys_${mixed(80)}`] },
  {
    id: "logs-monitoring",
    starts: ["hc", "ph", "pk", "dd"],
    pattern: /(?:hc[ax][im]k_|ph[cx]_|pk_live_|ddp?_)[A-Za-z0-9]{28,}/,
    samples: [`phx_${mixed(43)}`],
  },
  { id: "confluent", starts: ["cf"], pattern: /cflt[A-Za-z0-9+/]{40,}/, samples: [`cflt${mixed(60)}`] },
  { id: "clickhouse", starts: ["4b"], pattern: /4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])/, samples: [`4b1d${mixed(38)}`] },
  {
    id: "mapbox",
    starts: ["sk", "pk"],
    pattern: /[sp]k\.eyJ[\w-]{20,}\.[\w-]{16,}/,
    samples: [`sk.eyJ1IjoibWFwYm94${mixed(20)}.${mixed(22)}`],
  },
  {
    id: "airtable",
    starts: ["pa"],
    pattern: /pat[A-Za-z0-9]{14}\.[a-f0-9]{40,}/,
    samples: [`pat${mixed(14)}.${hex(64)}`],
  },
  {
    id: "asana",
    starts: ["1/", "2/"],
    pattern: /[12]\/\d{13,20}(?:\/\d{13,20})?:[a-f0-9]{30,}/,
    samples: [`1/1234567890123456:${hex(32)}`],
  },
  { id: "dropbox", starts: ["sl"], pattern: /sl\.[\w-]{60,}/, samples: [`sl.${mixed(130)}`] },
  { id: "facebook", starts: ["EA"], pattern: /EA[AC][A-Za-z0-9]{60,}/, samples: [`EAAC${mixed(120)}`] },
  {
    id: "tailscale",
    starts: ["ts"],
    pattern: /tskey-[a-z]{2,10}-[\w-]{10,}/,
    samples: [`tskey-auth-${mixed(12)}-${mixed(32)}`],
  },
  { id: "openshift", starts: ["sh"], pattern: /sha256~[\w-]{40,}/, samples: [`sha256~${mixed(43)}`] },
  {
    id: "rancher",
    starts: ["to", "ku"],
    pattern: /(?:token-[a-z0-9]{5}:|kubeconfig-u-[\w.-]{1,60}:)[a-z0-9]{40,}/,
    samples: [`token-x7k2p:${lower(54)}`],
  },
  {
    id: "duffel-frameio-easypost",
    starts: ["du", "fi", "EZ", "CF", "ic", "MA"],
    pattern: /(?:duffel_(?:test|live)_|fio-u-|EZ[AT]K|CFPAT-|ico-|MAPI)[\w=-]{20,}/,
    samples: [`EZAK${mixed(54)}`],
  },
  {
    id: "adobe-typeform-prefect",
    starts: ["p8", "tf", "pn"],
    pattern: /(?:p8e-|tfp_|pn[ub]_)[A-Za-z0-9]{30,}/,
    samples: [`pnu_${lower(36)}`],
  },
  { id: "readme", starts: ["rd"], pattern: /rdme_[a-z0-9]{40,}/, samples: [`rdme_${lower(70)}`] },
  {
    id: "settlemint-and-alike",
    starts: ["sm"],
    pattern: /sm_(?:aat|pat|sat)_[A-Za-z0-9]{10,}/,
    samples: [`sm_pat_${mixed(16)}`],
  },
];
