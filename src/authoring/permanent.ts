// Writes into a flag's file that everyone in one environment gets one variation, and changes no other byte of it.
import { fallthroughOf, offOf } from '../definitions/checks/walk.ts';
import { layoutOf } from '../definitions/document.ts';
import type { CollectionNode, Item } from '../definitions/layout.ts';
import { parse } from '../definitions/parse.ts';
import { UsageError } from '../lib/errors.ts';
import { canonical, type JsonValue } from '../lib/json.ts';
import type { Definitions } from '../model/definition.ts';
import type { FlagDefinition } from '../model/definitions.gen.ts';
import { type Edit, edited, endOfLine, lineBreakOf, startOfLine } from './edit.ts';
import { promote } from './promote.ts';
import { nameLike } from './promotion.ts';
import { scalarText } from './scalar-text.ts';

export interface Permanent {
  environment: string;
  /** The variation that everyone is to get. */
  serve: string;
  /** All environments of the project, in the order of promotion. */
  order: readonly string[];
}

/**
 * - `is-so`: everyone gets it already
 * - `disabled`: it is what the flag gives while it is disabled, so the targeting may stay for later
 * - `served`: it takes the place of the targeting, which would come before it
 */
export type PermanentForm = 'is-so' | 'disabled' | 'served';

/** How the file can say it in the plainest way. */
export function permanentForm(
  { all }: Definitions,
  flag: FlagDefinition,
  { environment, serve }: Pick<Permanent, 'environment' | 'serve'>,
): PermanentForm {
  // A flag that requires this one is not met by it while it is disabled.
  const isRequired = all.some(
    ({ kind, body }) =>
      kind === 'flag' &&
      body.requires?.some((requirement) => requirement.flag === flag.flag && requirement.variation === serve),
  );
  const here = flag.environments[environment];
  if (here && isServed(here, serve)) return 'is-so';
  if (serve !== offOf(flag) || isRequired) return 'served';
  return here === undefined || here.enabled === false ? 'is-so' : 'disabled';
}

function isServed(here: FlagDefinition['environments'][string], serve: string): boolean {
  const { enabled = true, targets = {}, rules = [] } = here;
  const isPlain = Object.values(targets).flat().length + rules.length === 0;
  return enabled && isPlain && canonical(fallthroughOf(here) ?? null) === canonical({ serve });
}

/**
 * The text of a flag's file without problems, changed in that form. Comments stay, but those within what gives way.
 * Throws UsageError where something else would change too.
 */
export function makePermanent(text: string, permanent: Permanent, form: 'disabled' | 'served'): string {
  const { environment, serve } = permanent;
  const before = bodyOf(text);
  const named = withEnvironment(text, before, permanent);
  const edits = editsOf(
    named,
    environment,
    form === 'disabled' ? disable : (...at) => serveAlone(serve, ...at),
  );
  const changed = edits.sort((a, b) => b.start - a.start).reduce(edited, named);
  const here = form === 'disabled' ? { ...before.environments[environment], enabled: false } : { serve };
  const expected = { ...before, environments: { ...before.environments, [environment]: here } };
  if (canonical(bodyOf(changed)) !== canonical(expected)) {
    throw new UsageError('the file is laid out in a way that cannot be edited: run `halyard fmt` first');
  }
  return changed;
}

type Body = { [name: string]: JsonValue } & {
  environments: { [name: string]: { [name: string]: JsonValue } };
};

function bodyOf(text: string): Body {
  return parse(new TextEncoder().encode(text)).value as Body;
}

/** With the environment named at its place, whatever stands there. */
function withEnvironment(text: string, { environments }: Body, { environment, order }: Permanent): string {
  const [other] = Object.keys(environments);
  if (other === undefined || Object.hasOwn(environments, environment)) return text;
  return promote(text, { from: other, to: environment, order });
}

type EditsOf = (text: string, here: CollectionNode) => Edit[];

function editsOf(text: string, environment: string, edit: EditsOf): Edit[] {
  const root = layoutOf(parse(new TextEncoder().encode(text), { keepTree: true }));
  const environments = root?.items.find(({ key }) => key?.name === 'environments')?.value;
  if (environments?.type !== 'map') throw new Error('a flag without environments has no problem');
  const here = itemOf(environments, environment)?.value;
  if (here?.type === 'map') return edit(text, here);
  // No environment was named.
  const { start, end } = environments;
  const empty: CollectionNode = { type: 'map', isFlow: true, items: [], tail: [], start: 0, end: 2 };
  const [{ text: body }] = edit('{}', empty) as [Edit];
  return [{ start, end, text: `{ ${scalarText(environment, true)}: ${body} }` }];
}

function itemOf({ items }: CollectionNode, name: string): Item | undefined {
  return items.find(({ key }) => key?.name === name);
}

/** `enabled: false`, before all else where the key is not there yet. */
function disable(text: string, here: CollectionNode): Edit[] {
  const enabled = itemOf(here, 'enabled');
  if (enabled) return [{ start: enabled.value.start, end: enabled.value.end, text: 'false' }];
  const [first] = here.items;
  if (!first) return [{ start: here.start, end: here.end, text: '{ enabled: false }' }];
  const entry = `${nameLike(first, 'enabled', here.isFlow)}: false`;
  if (here.isFlow) return [{ start: here.start + 1, end: here.start + 1, text: ` ${entry},` }];
  const start = startOfLine(text, firstOffset(first));
  return [{ start, end: start, text: indentOf(text, first) + entry + lineBreakOf(text) }];
}

/** `serve`, and nothing beside it. A `serve` in block style that is there keeps its place and its comments. */
function serveAlone(serve: string, text: string, here: CollectionNode): Edit[] {
  const { items, start, end, isFlow } = here;
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return [{ start, end, text: `{ serve: ${scalarText(serve, true)} }` }];
  const wanted = first.key?.style === 'double' ? JSON.stringify(serve) : scalarText(serve, isFlow);
  const entry = `${nameLike(first, 'serve', isFlow)}: ${wanted}`;
  if (isFlow) return [{ start, end, text: `{ ${entry} }` }];
  const bodyStart = startOfLine(text, firstOffset(first));
  const bodyEnd = endOfLine(text, Math.max(end, last.end));
  const kept = itemOf(here, 'serve');
  if (!kept) return [{ start: bodyStart, end: bodyEnd, text: indentOf(text, first) + entry }];
  return [
    { start: bodyStart, end: startOfLine(text, firstOffset(kept)), text: '' },
    { start: kept.value.start, end: kept.value.end, text: wanted },
    { start: endOfLine(text, kept.end), end: bodyEnd, text: '' },
  ];
}

function firstOffset({ before, start }: Item): number {
  return before[0]?.offset ?? start;
}

function indentOf(text: string, { start }: Item): string {
  return text.slice(startOfLine(text, start), start);
}
