// Small readers of text: durations and URLs.
import { describe, expect, it } from 'vitest';
import { parseDurationMs } from '../../src/lib/duration.ts';
import { publicUrl } from '../../src/lib/public-url.ts';

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['2s', 2_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['4h', 14_400_000],
    ['2', undefined],
    ['2 s', undefined],
    ['-2s', undefined],
    ['2sec', undefined],
    ['', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });
});

describe('I12: a URL is shown without user, password and query', () => {
  it.each([
    ['https://token:hush@git.example/a/b.git?key=hush#hush', 'https://git.example/a/b.git'],
    ['postgres://user:hush@db:5432/flags?sslpassword=hush', 'postgres://db:5432/flags'],
    ['postgres://user:hush@/flags?host=/run/postgresql', 'postgres:///flags'],
    ['postgres://user:hu/sh@db:5432/flags', 'postgres://db:5432/flags'],
    ['ssh://git@git.example/a/b.git', 'ssh://git.example/a/b.git'],
    ['git@git.example:a/b.git', 'git.example:a/b.git'],
    ['/srv/git/shop.git', '/srv/git/shop.git'],
  ])('%s', (url, shown) => {
    expect(publicUrl(url)).toBe(shown);
  });
});
