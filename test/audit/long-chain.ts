// The history that the tamper suite attacks: more than a thousand commits of every kind that can be judged.
import type { FileEdits } from '../support/git-repository.ts';
import type { Step } from '../support/grown-chain.ts';
import { flagYaml, PROJECT_YAML, sampleFiles } from '../support/sync-project.ts';
import { NEAR_YAML } from './near-flag.ts';

const SEGMENT = (country: string): string =>
  `segment: near\ndescription: Near.\nowner: shop\nif: { attribute: country, operator: eq, value: ${country} }\n`;

/** So many commits; what happens repeats every twenty of them, and the last two are rejected. */
export function longHistory(count: number): Step[] {
  return Array.from({ length: count }, (_, n): Step => {
    if (n === 0) return { subject: 'Import', edits: sampleFiles() };
    if (n >= count - 2) return { subject: `Wrong ${n}`, edits: { 'flags/bad.yaml': `flag: ${n}\n` } };
    return { subject: `Commit ${n} (#${n})`, edits: editsOf(n) };
  });
}

function editsOf(n: number): FileEdits {
  const round = Math.floor(n / 20);
  const path = `flags/new/flag-${round}.yaml`;
  const moved = `flags/old/flag-${round}.yaml`;
  switch (n % 20) {
    case 2:
      return { [path]: flagYaml(`flag-${round}`) };
    case 5:
      return { 'flags/bad.yaml': 'flag: bad\n' };
    case 6:
      return { 'flags/worse.yaml': `flag: worse\nnonsense: ${n}\n` };
    case 7:
      return { 'flags/bad.yaml': null, 'flags/worse.yaml': null };
    case 9:
      return { [path]: null, [moved]: flagYaml(`flag-${round}`) };
    case 11:
      return { 'flags/near.yaml': SEGMENT(['US', 'FR', 'DE'][round % 3] ?? '') };
    case 12:
      return { 'flags/near-checkout.yaml': `${NEAR_YAML}# ${n}\n` };
    case 14:
      return { 'flags/project.yaml': `${PROJECT_YAML}  plan: { type: string, values: [p${n}] }\n` };
    case 16:
      return round < 3 ? { 'flags/checkout.yaml': flagYaml('checkout', 1, `# ${n}`) } : { [moved]: null };
    default:
      return { 'flags/checkout.yaml': flagYaml('checkout', n % 97) };
  }
}
