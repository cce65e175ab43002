import { hex, lower, mixed, type TokenPattern } from "./contract.ts";

/** Of chat, mail, telephone and money. */
export const PEOPLE: readonly TokenPattern[] = [
  {
    id: "slack",
    starts: ["xo"],
    pattern: /xox[a-z](?:-\d|\.xox[bp]-\d|-)[\w-]{10,}/,
    samples: [`xoxb-123456789012-1234567890123-${mixed(24)}`],
  },
  {
    id: "slack-app",
    starts: ["xa"],
    pattern: /xapp-\d-[\w-]{20,}/,
    samples: [`xapp-1-A0123456789-1234567890123-${hex(64)}`],
  },
  { id: "slack-config", starts: ["xo"], pattern: /xoxe[.\w-]{30,}/, samples: [`xoxe-1-${mixed(146)}`] },
  {
    id: "webhook-url",
    starts: ["ht"],
    keep: /https?:(?:\\?\/){2}(?:hooks\.slack(?:-gov)?\.com(?:\\?\/)(?:services|workflows|triggers)|(?:ptb\.|canary\.)?discord(?:app)?\.com(?:\\?\/)api(?:\\?\/)webhooks|[\w.-]{1,100}\.webhook\.office\.com(?:\\?\/)webhookb2|outlook\.office(?:365)?\.com(?:\\?\/)webhook|[\w.-]{1,100}\.logic\.azure\.com(?::443)?(?:\\?\/)workflows|hooks\.zapier\.com(?:\\?\/)hooks|maker\.ifttt\.com(?:\\?\/)(?:trigger|use)|chat\.googleapis\.com(?:\\?\/)v1|events\.pagerduty\.com(?:\\?\/)(?:integration|x-ere)|[\w.-]{1,60}\.(?:incident\.io|opsgenie\.com|victorops\.com|rollbar\.com)(?:\\?\/)[\w-]{1,40}|open\.(?:feishu\.cn|larksuite\.com)(?:\\?\/)open-apis(?:\\?\/)bot|oapi\.dingtalk\.com(?:\\?\/)robot|qyapi\.weixin\.qq\.com(?:\\?\/)cgi-bin|hooks\.[\w.-]{1,100}|[\w.-]{1,100}(?:\\?\/)(?:hooks|webhooks?)(?=(?:\\?\/)[\w-]{20,}))(?:\\?\/)/,
    pattern: /[^\s"'<>`\\]{8,}/,
    samples: [
      `https://hooks.slack.com/services/T0Q7RX2MV/B9ZTL4CWN/${mixed(24)}`,
      `https://discord.com/api/webhooks/123456789012345678/${mixed(68)}`,
      `https://acme.webhook.office.com/webhookb2/${hex(32)}`,
      `https://chat.example.com/hooks/${lower(26)}`,
    ],
  },
  {
    id: "telegram-bot",
    hint: ":A",
    keep: /(?:bot)?\d{8,10}/,
    pattern: /:A[A-Za-z0-9_-]{34}(?![A-Za-z0-9])/,
    samples: [`https://api.telegram.org/bot123456789:AA${mixed(33)}/sendMessage`],
  },
  {
    id: "discord-bot",
    hint: ".",
    pattern: /[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}/,
    samples: [`M${mixed(25)}.Gq7RkX.${mixed(38)}`],
  },
  { id: "sendgrid", starts: ["SG"], pattern: /SG\.[\w-]{16,}\.[\w-]{16,}/, samples: [`SG.${mixed(22)}.${mixed(43)}`] },
  {
    id: "mailgun",
    starts: ["ke", "pu"],
    pattern: /(?:key|pubkey)-[a-f0-9]{32}(?![A-Za-z0-9])/,
    samples: [`key-${hex(32)}`],
  },
  { id: "mailchimp", hint: "-us", pattern: /[a-f0-9]{32}-us\d{1,2}(?![A-Za-z0-9])/, samples: [`${hex(32)}-us20`] },
  {
    id: "sendinblue",
    starts: ["xk", "xs"],
    pattern: /x(?:keysib|smtpsib)-[a-f0-9]{40,}(?:-\w+)?/,
    samples: [`xkeysib-${hex(64)}-${mixed(16)}`],
  },
  { id: "twilio", starts: ["SK"], pattern: /SK[a-f0-9]{32}(?![A-Za-z0-9])/, samples: [`SK${hex(32)}`] },
  // Money
  {
    id: "stripe",
    starts: ["sk", "rk", "wh"],
    pattern: /(?:[rs]k|whsec)_(?:(?:live|test|prod)_)?[A-Za-z0-9+/]{16,}={0,2}/,
    samples: [`sk_live_${mixed(24)}`],
  },
  { id: "square", starts: ["sq", "EA"], pattern: /(?:sq0[a-z]{3}-|EAAA)[\w-]{20,}/, samples: [`sq0csp-${mixed(43)}`] },
  { id: "shopify", starts: ["sh"], pattern: /shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{30,}/, samples: [`shpat_${hex(32)}`] },
  {
    id: "paypal-braintree",
    starts: ["ac"],
    pattern: /access_token\$(?:production|sandbox)\$[a-z0-9]+\$[a-f0-9]{20,}/,
    samples: [`access_token$production$${lower(16)}$${hex(32)}`],
  },
  {
    id: "plaid-adyen",
    starts: ["ac", "AQ"],
    pattern: /(?:access-(?:sandbox|development|production)-|AQE)[\w+/=-]{30,}/,
    samples: [`access-production-${lower(36)}`],
  },
  {
    id: "razorpay-flutterwave-paystack",
    starts: ["rz", "FL"],
    pattern: /(?:rzp_(?:live|test)_|FLWSECK(?:_(?:TEST|LIVE))?-)[A-Za-z0-9-]{14,}/,
    samples: [`rzp_live_${mixed(14)}`],
  },
];
