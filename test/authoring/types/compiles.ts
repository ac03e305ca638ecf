// Read by the type checker alone: each line after `@ts-expect-error` must not compile, and all others must.
import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { type FlagValue, typedClient } from './flags.gen.ts';

export async function server(): Promise<void> {
  const flags = typedClient(OpenFeature.getClient());
  const isOn: boolean = await flags.value('one-page-checkout', false, { targetingKey: 'u1', country: 'US' });
  const ranking: 'bm25' | 'embeddings-v2' | 'bm25+embeddings-v2' = await flags.value(
    'search-ranking',
    'bm25',
  );
  const from: number = await flags.value('free-shipping-from', 12.5, {
    company: { id: 'shop-1' },
    roles: ['a'],
  });
  const { show } = await flags.value('banner', { show: false }, { signedUpAt: new Date(), cartItems: 2 });
  const { value, reason } = await flags.details('new-cart', true);
  use(isOn, ranking, from, show, value satisfies boolean, reason satisfies string | undefined);

  // @ts-expect-error no such flag
  await flags.value('one-page-checkuot', false);
  // @ts-expect-error a default of another type
  await flags.value('one-page-checkout', 'off');
  // @ts-expect-error a text that no variation has
  await flags.value('search-ranking', 'bm26');
  // @ts-expect-error a value of another type
  const wrong: string = await flags.value('one-page-checkout', false);
  // @ts-expect-error an object of another shape
  await flags.value('banner', { show: 'yes' });
  // @ts-expect-error no such attribute
  await flags.value('one-page-checkout', false, { contry: 'US' });
  // @ts-expect-error no such value of the attribute
  await flags.value('one-page-checkout', false, { country: 'XX' });
  // @ts-expect-error an attribute of another type
  await flags.value('one-page-checkout', false, { cartItems: '2' });
  // @ts-expect-error no such attribute within an object
  await flags.value('one-page-checkout', false, { company: { name: 'shop' } });
  use(wrong);
}

export function web(): void {
  const flags = typedClient(WebOpenFeature.getClient());
  const isOn: boolean = flags.value('one-page-checkout', false);
  const ranking: FlagValue<'search-ranking'> = flags.details('search-ranking', 'bm25').value;
  use(isOn, ranking);

  // @ts-expect-error the web client's context is set beforehand
  flags.value('one-page-checkout', false, { country: 'US' });
  // @ts-expect-error no such flag
  flags.value('one-page-checkuot', false);
}

function use(..._values: unknown[]): void {}
