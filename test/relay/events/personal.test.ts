// Personal units: they leave the relay as pseudonyms that join, or not at all.
import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { relay } from '../start.ts';
import { place, told } from './support.ts';

const KEY = 'k'.repeat(32);
const MAIL = 'ada.lovelace@analytical.example';
/** Made with RFC 2104 by hand, so that the relay's own code has no part in it. */
const PSEUDONYM = `hmac:${createHmac('sha256', KEY).update(`email\n${MAIL}`).digest('base64url')}`;

it('an exposure and an event of one person join by the same pseudonym, and nothing else of it leaves', async () => {
  await using files = await place();
  const unitKeyFile = await files.file('key', `${KEY}\n`);
  const spool = join(files.path, 'spool');
  await using shop = await told({ unitKeyFile, spool });
  const context = { targetingKey: 'u', email: MAIL };
  await shop.relay.evaluate('mail', context);
  const response = await shop.post('/v1/track', { event: 'purchase', context });
  expect(await response.json()).toEqual({ accepted: 1 });
  await until(() => shop.collector.events.length === 2);
  const [exposure] = shop.collector.exposures;
  const [track] = shop.collector.tracks;
  expect([exposure?.unitAttribute, exposure?.unit]).toEqual(['email', PSEUDONYM]);
  expect(track?.units).toEqual({ targetingKey: 'u', email: PSEUDONYM });
  const names = await readdir(spool, { recursive: true });
  const [segment = ''] = names.filter((name) => name.endsWith('.events'));
  const onDisk = await readFile(join(spool, segment), 'latin1');
  expect(onDisk).toContain(PSEUDONYM);
  const metrics = await (await fetch(`${shop.relay.url}/metrics`)).text();
  const told_ = [
    onDisk,
    metrics,
    JSON.stringify(shop.collector.events),
    shop.relay.lines().join(''),
    JSON.stringify(shop.relay.status()),
  ];
  for (const text of told_) expect(text).not.toContain('lovelace');
});

it('without a key it is dropped, counted and said once, and never crosses', async () => {
  await using shop = await told();
  for (const mail of [MAIL, 'b@b.example', MAIL])
    await shop.relay.evaluate('mail', { targetingKey: 'u', email: mail });
  const response = await shop.post('/v1/track', [
    { event: 'purchase', context: { email: MAIL } },
    { event: 'purchase', context: { targetingKey: 'u', email: MAIL } },
  ]);
  expect(await response.json()).toEqual({ accepted: 1, dropped: 1 });
  await until(() => shop.collector.events.length === 1);
  expect(shop.collector.tracks[0]?.units).toEqual({ targetingKey: 'u' });
  expect(shop.status()).toMatchObject({
    // Two exposures, the third of which is the first again, and one event.
    dropped: { personal: 3 },
    withoutUnitKey: ['email'],
  });
  const lines = shop.relay.lines().filter((line) => line.includes('--unit-key-file'));
  expect(lines).toHaveLength(1);
  for (const text of [...shop.relay.lines(), JSON.stringify(shop.relay.status())])
    expect(text).not.toContain('lovelace');
});

it('a key that comes later is read on SIGHUP, and what was dropped is offered again', async () => {
  await using files = await place();
  const unitKeyFile = await files.file('key', 'a'.repeat(32));
  await using shop = await told({ unitKeyFile });
  await shop.relay.evaluate('mail', { email: MAIL });
  await files.file('key', KEY);
  await shop.relay.reload();
  await shop.relay.evaluate('mail', { email: MAIL });
  await until(() => shop.collector.exposures.length === 2);
  expect(shop.collector.exposures[1]?.unit).toBe(PSEUDONYM);
  await files.file('key', 'short');
  await expect(shop.relay.reload()).rejects.toThrow('holds 5 bytes, and a secret has at least 32');
  await shop.post('/v1/track', { event: 'purchase', context: { email: MAIL } });
  await until(() => shop.collector.tracks.length === 1);
  expect(shop.collector.tracks[0]?.units).toEqual({ email: PSEUDONYM });
});

it('a token that no header can carry is refused at the start', async () => {
  await using files = await place();
  const collectorTokenFile = await files.file('token', '# of the collector\nsécret\n');
  const started = relay({ source: `directory:${files.path}`, collector: 'http://c', collectorTokenFile });
  await expect(started).rejects.toThrow('holds no token of printable ASCII characters.');
});

it.each([
  ['short', 'x'.repeat(31), 'holds 31 bytes'],
  ['short but for line ends', `${'x'.repeat(31)}\r\n\n`, 'holds 31 bytes'],
  ['empty', '', 'holds 0 bytes'],
])('a key that is %s is refused at the start, without a word of it', async (_title, content, message) => {
  await using files = await place();
  const unitKeyFile = await files.file('key', content);
  const started = relay({ source: `directory:${files.path}`, collector: 'http://127.0.0.1:9', unitKeyFile });
  await expect(started).rejects.toThrow(message);
  await expect(started).rejects.not.toThrow('xxxx');
});
