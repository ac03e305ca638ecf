// A shop with experiments, as files: by targetingKey and by a personal attribute, with exposures of each kind.

/** A flag whose users all take part in the experiment of the same name, half and half. */
function flag(key: string): string {
  return `flag: ${key}
description: Is experimented with.
owner: tests
permanent: true
type: boolean
environments:
  prod:
    serve: off
    rules:
      - name: everyone
        then: { experiment: ${key} }
`;
}

function experiment(key: string, more: string): string {
  return `experiment: ${key}
flag: ${key}
hypothesis: It helps.
owner: tests
environments: [prod]
traffic: 100
arms:
  - { variation: off, weight: 50 }
  - { variation: on, weight: 50 }
metrics: { primary: purchase }
${more}
`;
}

export const experimentShop: { [path: string]: string } = {
  'project.yaml': `project: acme/shop
environments:
  prod: { salt: "c07d2e" }
attributes:
  plan: { type: string }
  account: { type: number }
  email: { type: string, personal: true }
`,
  'purchase.yaml': `metric: purchase
description: Bought something.
event: purchase
type: binary
direction: increase
window: 7d
`,
  'plain.yaml': `flag: plain
description: No experiment.
owner: tests
permanent: true
type: boolean
environments:
  prod: { serve: on }
`,
  ...pair('layout', 'status: running'),
  ...pair('each', 'status: running\nexposures: all'),
  ...pair('silent', 'status: running\nexposures: off'),
  ...pair('draft', 'status: draft\nunit: account'),
  ...pair('mail', 'status: running\nunit: email'),
};

function pair(key: string, more: string): { [path: string]: string } {
  return {
    [`flags/${key}.yaml`]: flag(key),
    [`experiments/${key}.yaml`]: experiment(key, more),
  };
}
