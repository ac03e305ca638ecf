// The spool: what was acknowledged is on the disk, and nothing else is made of it than was put there.
import { appendFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endOfWritten, frameAt, frameOf, SEGMENT_HEAD } from '../../../src/relay/events/segment.ts';
import { Spool } from '../../../src/relay/events/spool.ts';
import { until } from '../../support/until.ts';
import { relay } from '../start.ts';
import { readableLog } from '../support.ts';
import { refusing, taken } from './collector.ts';
import { place, told } from './support.ts';

const MIB = 1024 * 1024;
const line = (text: string) => `${JSON.stringify({ id: text })}\n`;

interface Opened {
  spool: Spool;
  lost: { [reason: string]: number };
  lines: () => string[];
  /** Reads and delivers all that waits. */
  drain: () => Promise<string[]>;
}

function open(path: string, mostBytes = 64 * MIB): Opened {
  const lost: Opened['lost'] = {};
  const { log, lines } = readableLog();
  const spool = new Spool(path, mostBytes, {
    log,
    now: Date.now,
    onKept: () => undefined,
    onArrival: () => undefined,
    onLoss: (reason, events) => {
      lost[reason] = (lost[reason] ?? 0) + events;
    },
  });
  const drain = async () => {
    const ids: string[] = [];
    for (let batch = await spool.next(5_000, MIB); batch; batch = await spool.next(5_000, MIB)) {
      const texts = batch.lines.toString().split('\n').filter(Boolean);
      expect(texts).toHaveLength(batch.count);
      ids.push(...texts.map((text) => (JSON.parse(text) as { id: string }).id));
      await spool.delivered();
    }
    return ids;
  };
  return { spool, lost, lines, drain };
}

async function segmentsOf(path: string): Promise<string[]> {
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => name.endsWith('.events')).sort();
}

/** Puts lines into a spool, each into a frame of its own, and leaves it as a killed process would. */
async function left(path: string, ...ids: string[]): Promise<string> {
  const folder = join(path, '1');
  await mkdir(folder, { recursive: true });
  const file = join(folder, '0000000000000001.events');
  const frames = ids.map((id) => frameOf({ lines: Buffer.from(line(id)), count: 1, atMs: 5 }));
  await writeFile(file, Buffer.concat([SEGMENT_HEAD, ...frames]));
  return file;
}

describe('a frame', () => {
  const frame = frameOf({ lines: Buffer.from('{"a":1}\n{"b":2}\n'), count: 2, atMs: 1_795_220_713_657 });

  it('comes back as it was', () => {
    const found = frameAt(Buffer.concat([Buffer.alloc(3), frame]), 3);
    expect(found).toMatchObject({ count: 2, atMs: 1_795_220_713_657, end: 3 + frame.length });
    expect(found?.lines.toString()).toBe('{"a":1}\n{"b":2}\n');
  });

  it('is none where a single bit is another, or a byte is missing', () => {
    for (let bit = 0; bit < 8 * frame.length; bit++) {
      const damaged = Buffer.from(frame);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect([bit, frameAt(damaged, 0)]).toEqual([bit, undefined]);
    }
    for (let length = 0; length < frame.length; length++) {
      expect(frameAt(frame.subarray(0, length), 0)).toBeUndefined();
    }
    expect(frameAt(Buffer.alloc(100), 0)).toBeUndefined();
  });

  it('that is cut short ends what counts of a file', () => {
    const whole = Buffer.concat([SEGMENT_HEAD, frame, frame]);
    expect(endOfWritten(whole)).toBe(whole.length);
    for (let cut = 1; cut <= frame.length; cut++) {
      expect(endOfWritten(whole.subarray(0, whole.length - cut))).toBe(SEGMENT_HEAD.length + frame.length);
    }
    expect(endOfWritten(SEGMENT_HEAD.subarray(0, 9))).toBe(9);
    expect(endOfWritten(Buffer.alloc(0))).toBe(0);
  });

  it('that is whole and damaged is left for whoever reads it to tell, whichever bit it is', () => {
    const last = frameOf({ lines: Buffer.from('{"a":1}\n'), count: 1, atMs: 1_795_220_713_657 });
    const start = SEGMENT_HEAD.length + frame.length;
    for (let bit = 0; bit < 8 * last.length; bit++) {
      const whole = Buffer.concat([SEGMENT_HEAD, frame, last]);
      const at = start + (bit >> 3);
      whole[at] = (whole[at] as number) ^ (1 << (bit & 7));
      expect([bit, endOfWritten(whole)]).toEqual([bit, whole.length]);
    }
  });

  it('in whose place zeros stand was never written', () => {
    for (const zeros of [1, 19, 20, 4_096])
      expect(endOfWritten(Buffer.concat([SEGMENT_HEAD, frame, Buffer.alloc(zeros)]))).toBe(
        SEGMENT_HEAD.length + frame.length,
      );
  });
});

describe('a spool', () => {
  it('has on disk what it says is kept, gives it in order, and again until it is delivered', async () => {
    await using files = await place();
    const { spool } = open(files.path);
    const ids = Array.from({ length: 100 }, (_, at) => `event-${at}`);
    for (const id of ids) {
      expect(spool.add('track', line(id), 1, 1)).toBeUndefined();
      if (id.endsWith('7')) expect(await spool.kept()).toBe(true);
    }
    expect(await spool.kept()).toBe(true);
    const [name = ''] = await segmentsOf(files.path);
    expect(await readFile(join(files.path, name), 'latin1')).toContain('event-99');
    const first = await spool.next(10, MIB);
    expect((await spool.next(10, MIB))?.lines.equals(first?.lines as Buffer)).toBe(true);
    await spool.close();
    const again = open(files.path);
    await until(() => again.spool.spoolBytes > 0);
    expect(await again.drain()).toEqual(ids);
    await again.spool.close();
    expect(await segmentsOf(files.path)).toEqual([]);
  });

  it('cuts off what was being written when its process was killed', async () => {
    await using files = await place();
    const file = await left(files.path, 'a', 'b', 'c');
    const { length } = await readFile(file);
    await truncate(file, length - 1);
    const first = open(files.path);
    first.spool.add('track', line('d'), 1, 1);
    await first.spool.kept();
    await first.spool.close();
    // That file is not the last one any more, and what was cut off is no damage to it.
    const { spool, lost, drain } = open(files.path);
    await until(() => spool.spoolBytes > 0);
    expect(await drain()).toEqual(['a', 'b', 'd']);
    expect([first.lost, lost]).toEqual([{}, {}]);
    await spool.close();
  });

  it('ends a file with zeros, as a machine that lost its power may have left it, where they begin', async () => {
    await using files = await place();
    await appendFile(await left(files.path, 'a'), Buffer.alloc(5_000));
    const { spool, drain } = open(files.path);
    await until(() => spool.spoolBytes > 0);
    expect(await drain()).toEqual(['a']);
    await spool.close();
  });

  it('whose last file has a flipped byte, wherever, loses no more than a frame, and tells of it', async () => {
    await using files = await place();
    const whole = await readFile(await left(files.path, 'a', 'b', 'c'));
    for (let at = 0; at < whole.length; at += 2) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 0x10;
      await writeFile(await left(files.path, 'a'), bytes);
      const { spool, lost, drain } = open(files.path);
      await until(() => spool.spoolBytes > 0);
      const isHit = at >= SEGMENT_HEAD.length;
      expect([at, (await drain()).length, lost.damaged ?? 0]).toEqual([at, isHit ? 2 : 3, isHit ? 1 : 0]);
      await spool.close();
    }
  });

  it('says what is damaged in the middle, counts it, and gives the rest', async () => {
    await using files = await place();
    const first = await left(files.path, 'a', 'b', 'c');
    await writeFile(first.replace('1.events', '2.events'), await readFile(first));
    const bytes = await readFile(first);
    bytes[bytes.lastIndexOf('b')] = 0x58;
    await writeFile(first, bytes);
    const { spool, lost, drain, lines } = open(files.path);
    await until(() => spool.spoolBytes > 0);
    expect(await drain()).toEqual(['a', 'c', 'a', 'b', 'c']);
    expect(lost).toEqual({ damaged: 1 });
    expect(lines().filter((text) => text.includes('damaged'))).toHaveLength(1);
    await spool.close();
  });

  it('finds the next frame behind one whose length is damaged', async () => {
    await using files = await place();
    const first = await left(files.path, 'a', 'b', 'c');
    await writeFile(first.replace('1.events', '2.events'), await readFile(first));
    const bytes = await readFile(first);
    const frame = frameAt(bytes, SEGMENT_HEAD.length);
    bytes.writeUInt32LE(7, frame?.end as number);
    await writeFile(first, bytes);
    const { spool, lost, drain } = open(files.path);
    await until(() => spool.spoolBytes > 0);
    expect(await drain()).toEqual(['a', 'c', 'a', 'b', 'c']);
    expect(lost).toEqual({ damaged: 1 });
    await spool.close();
  });

  it('gives frames whole that are longer than what it reads at a time', async () => {
    await using files = await place();
    const { spool, lost, drain } = open(files.path);
    // One group, as calls make it that come while the disk is busy.
    const texts = ['a', 'b'.repeat(500 * 1024), 'c'.repeat(800 * 1024), 'd'];
    for (const text of texts) expect(spool.add('track', line(text), 1, 5)).toBeUndefined();
    expect(await spool.kept()).toBe(true);
    expect((await drain()).map(({ length }) => length)).toEqual(texts.map(({ length }) => length));
    expect(lost).toEqual({});
    await spool.close();
  });

  it('that lost a file to somebody else counts what is gone, and goes on', async () => {
    await using files = await place();
    const first = await left(files.path, 'a');
    await writeFile(first.replace('1.events', '2.events'), await readFile(first));
    const { spool, lost, drain } = open(files.path);
    await until(() => spool.spoolBytes > 0);
    await rm(first);
    expect(await drain()).toEqual(['a']);
    expect(lost).toEqual({ damaged: 1 });
    expect(spool.oldestAtMs).toBeUndefined();
    await spool.close();
  });

  it('is full at its size, and has room again once files are delivered', async () => {
    await using files = await place();
    const { spool, drain } = open(files.path, 4 * MIB);
    const large = line('x'.repeat(100_000));
    let taken = 0;
    while (spool.add('track', large, 1, 1) === undefined) {
      taken++;
      await spool.kept();
    }
    expect(spool.add('track', large, 1, 1)).toBe('full');
    expect(spool.spoolBytes).toBeLessThanOrEqual(4 * MIB);
    expect(taken).toBeGreaterThan(35);
    expect(await drain()).toHaveLength(taken);
    await until(async () => (await drain()).length === 0 && spool.add('track', large, 1, 1) === undefined);
    await spool.close();
  });

  it('takes over what a process left that is gone, and leaves that of one which lives', async () => {
    await using files = await place();
    await left(files.path, 'a', 'b');
    const first = open(files.path);
    await until(() => first.spool.spoolBytes > 0);
    const second = open(files.path);
    second.spool.add('track', line('own'), 1, 1);
    await second.spool.kept();
    expect(await second.drain()).toEqual(['own']);
    await first.spool.close();
    const third = open(files.path);
    await until(() => third.spool.spoolBytes > 0);
    expect(await third.drain()).toEqual(['a', 'b']);
    await Promise.all([second.spool.close(), third.spool.close()]);
    expect(await segmentsOf(files.path)).toEqual([]);
  });

  it('beside a folder that it cannot take over goes on with its own and all others, and says so', async () => {
    await using files = await place();
    // What is named as a file of a spool is a folder there, which nobody can read.
    await mkdir(join(files.path, '7', '0000000000000001.events'), { recursive: true });
    await left(files.path, 'before');
    await rename(join(files.path, '1'), join(files.path, '6'));
    await left(files.path, 'after');
    await rename(join(files.path, '1'), join(files.path, '8'));
    const { spool, lost, lines, drain } = open(files.path);
    spool.add('track', line('own'), 1, 1);
    expect(await spool.kept()).toBe(true);
    expect([spool.fault, lost, (await drain()).sort()]).toEqual([undefined, {}, ['after', 'before', 'own']]);
    expect(lines().filter((text) => text.includes('not taken over'))).toHaveLength(1);
    await spool.close();
  });

  it('whose disk refuses says so, loses nothing that was kept, and goes on when it is mended', async () => {
    await using files = await place();
    const { spool, lost, lines, drain } = open(files.path);
    spool.add('track', line('before'), 1, 1);
    await spool.kept();
    // Who runs as root is refused nothing by rights, so the folder is a file for a while.
    const broken = open(join(await files.file('file', ''), 'spool'));
    broken.spool.add('track', line('lost'), 1, 1);
    expect(await broken.spool.kept()).toBe(false);
    expect(broken.spool.fault).toMatchObject({ code: 'disk', message: expect.stringContaining('ENOTDIR') });
    expect(broken.spool.add('track', line('refused'), 1, 1)).toBe('disk');
    expect([broken.lost, lost]).toEqual([{ disk: 1 }, {}]);
    expect(broken.lines().filter((text) => text.includes('cannot be used'))).toHaveLength(1);
    await broken.spool.close();
    expect(lines()).toEqual([]);
    expect(await drain()).toEqual(['before']);
    await spool.close();
  });
});

describe('a relay with a spool', () => {
  const track = { event: 'purchase', unit: 'u', id: 'one' };

  it('acknowledges what is on the disk, and delivers it after a restart', async () => {
    await using files = await place();
    {
      await using shop = await told({ spool: files.path }, refusing(503));
      expect((await shop.post('/v1/track', track)).status).toBe(202);
      expect(shop.status()).toMatchObject({ spool: { bytes: expect.any(Number), state: 'well' } });
      await shop.relay.evaluate('layout', { targetingKey: 'u' });
      await shop.relay.stop();
      expect(shop.status().dropped).toEqual({});
    }
    await using shop = await told({ spool: files.path });
    await until(() => shop.status().delivered === 2);
    expect(shop.collector.events.map(({ type }) => type).sort()).toEqual(['exposure', 'track']);
  });

  it('is done with many small files that were left long ago without a pause after each', async () => {
    await using files = await place();
    const first = await left(files.path, 'event-1');
    for (let at = 2; at <= 60; at++) {
      const frame = frameOf({ lines: Buffer.from(line(`event-${at}`)), count: 1, atMs: 5 });
      const path = first.replace('01.events', `${String(at).padStart(2, '0')}.events`);
      await writeFile(path, Buffer.concat([SEGMENT_HEAD, frame]));
    }
    await using shop = await told({ spool: files.path });
    await until(() => shop.status().delivered === 60);
    expect(shop.collector.ids.size).toBe(60);
  });

  it('has every event on the disk at the moment at which it is acknowledged', async () => {
    await using files = await place();
    await using shop = await told({ spool: files.path }, refusing(503));
    for (let at = 0; at < 20; at++) {
      const response = await shop.post('/v1/track', { ...track, id: `event-${at}-end` });
      expect(response.status).toBe(202);
      const names = await segmentsOf(files.path);
      const texts = await Promise.all(names.map((name) => readFile(join(files.path, name), 'latin1')));
      expect(texts.join('').includes(`event-${at}-end`)).toBe(true);
    }
  });

  it('answers 503 when it is full, counts, and takes again when the collector is back', async () => {
    await using files = await place();
    await using shop = await told({ spool: files.path, spoolBytes: 4 * MIB }, refusing(503));
    const items = Array.from({ length: 400 }, (_, at) => ({
      event: 'purchase',
      unit: `u${at}`,
      properties: { note: 'x'.repeat(450) },
    }));
    let accepted = 0;
    let response = await shop.post('/v1/track', items);
    while (response.status === 202) {
      accepted += 400;
      response = await shop.post('/v1/track', items);
    }
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(shop.status()).toMatchObject({ accepted: { track: accepted }, dropped: { full: 400 } });
    expect(accepted).toBeGreaterThan(4_000);
    shop.collector.answer = taken;
    await until(async () => (await shop.post('/v1/track', track)).status === 202);
    await until(() => shop.collector.ids.has('one'));
    expect(shop.collector.tracks.length).toBe(accepted + 1);
  });

  it('refuses a folder that another relay has', async () => {
    await using files = await place();
    await using shop = await told({ spool: files.path });
    const second = relay({
      source: `directory:${files.path}`,
      collector: shop.collector.url,
      spool: files.path,
    });
    await expect(second).rejects.toThrow(`is in use by process ${process.pid}`);
  });

  it('answers flags while its disk refuses, and 503 to what is tracked', async () => {
    await using files = await place();
    await using shop = await told({ spool: join(await files.file('file', ''), 'spool') });
    await until(() => shop.status().spool?.state === 'faulty');
    expect((await shop.relay.evaluate('layout', { targetingKey: 'u' })).reason).toBe('SPLIT');
    const response = await shop.post('/v1/track', track);
    expect([response.status, await response.json()]).toEqual([
      503,
      { errorCode: 'GENERAL', errorDetails: 'The disk that events wait on refuses.' },
    ]);
    expect(shop.status().dropped.disk).toBeGreaterThan(0);
  });
});
