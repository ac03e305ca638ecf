// A flag for the members of the segment `near`, and for two units by name.

export const NEAR_YAML = `flag: near-checkout
description: A flag.
owner: shop
permanent: true
type: boolean
environments:
  prod:
    targets: { on: [unit-1, unit-2] }
    rules: [{ name: near, if: { segment: near }, then: { serve: on } }]
    serve: off
`;
