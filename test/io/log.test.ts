// What reaches the log, and what never does.
import { expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/io/log.ts';

function logged(options: Partial<LogOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ service: 'relay', version: '1.2.3', instanceId: 'a', to, ...options }) };
}

it('an event is one line of JSON that says which service, version, environment and instance it is from', () => {
  const { log, lines } = logged({ environment: 'prod' });
  log.info({ revision: 7 }, 'swapped');
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'relay',
      version: '1.2.3',
      environment: 'prod',
      instance_id: 'a',
      revision: 7,
      message: 'swapped',
    },
  ]);
});

it('levels below the wanted one are left out', () => {
  const { log, lines } = logged({ level: 'warn' });
  log.info('no');
  log.warn('yes');
  expect(lines.map(({ message }) => message)).toEqual(['yes']);
});

it('I12: no secret and no context reaches a line, at the top or one level below', () => {
  const { log, lines } = logged();
  log.info(
    { token: 'hush', request: { authorization: 'hush', context: { email: 'hush' } }, password: 'hush' },
    'x',
  );
  expect(JSON.stringify(lines)).not.toContain('hush');
});

it('I12: of an error only type, message, code and stack are told, and no URL with its password', () => {
  const { log, lines } = logged();
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(hush) exists',
  });
  const error = new Error('postgres://user:hush@db.example/flags?sslpassword=hush does not answer', {
    cause,
  });
  log.error({ error }, 'failed');
  const text = JSON.stringify(lines);
  expect(text).not.toContain('hush');
  expect(text).toContain('postgres://db.example/flags');
  expect(lines[0]?.error).toMatchObject({
    type: 'Error',
    cause: { message: 'duplicate key', code: '23505' },
  });
});
