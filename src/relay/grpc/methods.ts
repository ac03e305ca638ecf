// The calls of flagd's protocol, by the path at which each is made.

/** As what a flag's value is asked for. */
export type Kind = 'Boolean' | 'String' | 'Float' | 'Int' | 'Object';

export interface Method {
  /** Version 1 has no way to say that a flag gives no value. */
  version: 1 | 2;
  asks: Kind | 'All' | 'Events';
}

const KINDS: readonly Kind[] = ['Boolean', 'String', 'Float', 'Int', 'Object'];

/** `schema.v1` is what version 1 was called first; the PHP provider still asks for it. */
const SERVICES: { [name: string]: 1 | 2 } = {
  'flagd.evaluation.v2.Service': 2,
  'flagd.evaluation.v1.Service': 1,
  'schema.v1.Service': 1,
};

const METHODS = new Map<string, Method>();
for (const [name, version] of Object.entries(SERVICES)) {
  for (const kind of KINDS) METHODS.set(`/${name}/Resolve${kind}`, { version, asks: kind });
  METHODS.set(`/${name}/EventStream`, { version, asks: 'Events' });
  if (version === 1) METHODS.set(`/${name}/ResolveAll`, { version, asks: 'All' });
}

/** The method at a request's address; undefined where there is none. */
export function methodAt(url: string | undefined): Method | undefined {
  return METHODS.get(url ?? '') ?? METHODS.get(url?.split('?', 1)[0] ?? '');
}
