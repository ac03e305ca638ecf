// The TypeScript type of a context, from the attributes that project.yaml declares.
import type { AttributeDeclaration } from '../../model/definitions.gen.ts';
import { listOf, memberName, typeOfValues } from './value-type.ts';

/** Attributes by their name; a dotted one is within an object. */
interface Level {
  [name: string]: { own?: AttributeDeclaration; inner: Level };
}

/** An object type, several lines long. Without declarations any attribute may be there. */
export function contextType(attributes: { [name: string]: AttributeDeclaration } | undefined): string {
  if (attributes === undefined)
    return '{ targetingKey?: string; [attribute: string]: Json | Date | undefined }';
  const root: Level = {};
  for (const [name, declaration] of Object.entries({ targetingKey: TARGETING_KEY, ...attributes })) {
    let level = root;
    const path = name.split('.').every((part) => part !== '') ? name.split('.') : [name];
    for (const part of path.slice(0, -1)) level = entry(level, part).inner;
    entry(level, path.at(-1) ?? name).own = declaration;
  }
  return levelType(root, '');
}

const TARGETING_KEY: AttributeDeclaration = { type: 'string', description: 'Names the subject.' };

function entry(level: Level, name: string): Level[string] {
  if (!Object.hasOwn(level, name)) level[name] = { inner: {} };
  return level[name] as Level[string];
}

function levelType(level: Level, indent: string): string {
  const members = Object.entries(level).flatMap(([name, { own, inner }]) => {
    const types = own ? [attributeType(own)] : [];
    if (Object.keys(inner).length > 0) types.push(levelType(inner, `${indent}  `));
    return [
      ...docComment(own?.description ?? '', `${indent}  `),
      `${indent}  ${memberName(name)}?: ${types.join(' | ')};`,
    ];
  });
  return ['{', ...members, `${indent}}`].join('\n');
}

function attributeType({ type, values, list }: AttributeDeclaration): string {
  const element = values ? typeOfValues(values, { literal: true }) : BY_TYPE[type];
  return list ? listOf(element) : element;
}

const BY_TYPE: Record<AttributeDeclaration['type'], string> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  semver: 'string',
  date: 'string | number | Date',
};

/** A comment of one line, which no text can end early; none of no words. */
export function docComment(words: string, indent: string): string[] {
  const line = words.trim().replace(/\s+/g, ' ').replaceAll('*/', '*\\/');
  return line === '' ? [] : [`${indent}/** ${line} */`];
}
