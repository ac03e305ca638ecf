// `halyard up` in a repository with an access policy: it is enforced there too, and the terminal says why a commit is refused.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Team } from '../support/team.ts';
import { sampleRepository, UpProcess } from '../support/up-process.ts';

const FLAG_FILE = 'flags/checkout/one-page-checkout.yaml';

it('a commit without a signature is refused, and a signed one on top of it, which edits nothing, applies both; who may approve is told how', async () => {
  await using team = await Team.create();
  await using repository = await sampleRepository();
  await repository.commit('A policy', { 'flags/access.yaml': team.policy() });
  await using up = await UpProcess.start({ folder: repository.folder });
  const context = { targetingKey: 'unit-7', country: 'US', appVersion: '4.2.0' };
  expect(await up.evaluate('one-page-checkout', context)).toMatchObject({ value: false });
  const flag = await readFile(join(repository.folder, FLAG_FILE), 'utf8');
  const ramp = { [FLAG_FILE]: flag.replace('percent: 10 ', 'percent: 100 ') };
  const refused = await team.commit(repository, undefined, 'To everyone', ramp);
  await up.prints(
    `rejected  ${refused.slice(0, 10)}  Mallory: To everyone  (1 problem; what was good is served on)`,
  );
  await up.prints(/flags\/access\.yaml:1:1 .*signature-missing {2}The commit is not signed/);
  expect(await up.evaluate('one-page-checkout', context)).toMatchObject({ value: false });
  const signed = await team.commit(repository, 'alice', 'Looked at it');
  await up.prints(`applied   ${signed.slice(0, 10)}  Alice: Looked at it  (revision 2, signed by alice)`);
  await up.prints('one-page-checkout  prod  rule "US ramp"  percent 10 → 100');
  // Sync reads the clone itself here, so that is where an approval is left.
  const bobs = await team.commit(repository, 'bob', 'Back again', { [FLAG_FILE]: flag });
  await up.prints(
    `Ask alice to approve: \`halyard approve ${bobs.slice(0, 10)} --environment prod --remote .\`.`,
  );
});
