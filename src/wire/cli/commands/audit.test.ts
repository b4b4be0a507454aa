import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller, openWorld, type World } from '../../../../test/world.ts';
import { sampleAudit } from '../../../core/samples.suite.ts';
import { call } from '../fake-needs.suite.ts';

const document = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

function entriesOf(text: string): readonly Record<string, unknown>[] {
  return document(text)['entries'] as readonly Record<string, unknown>[];
}

describe('the audit commands', () => {
  let world: World;
  const audit = async (...words: readonly string[]) =>
    await call(['audit', ...words], { openApp: async () => ({ app: world.app, close: async () => {} }) });
  before(async () => {
    world = await openWorld();
    await world.add('ada');
    await world.add('bob');
    world.clock.move(60_000);
    await world.signIn('ada');
    await assert.rejects(async () => await world.signIn('ada', 'wrong'));
    world.clock.move(86_400_000);
    await world.signIn('bob');
    const account = await world.app.account.find({ by: 'username', value: 'bob' });
    assert.ok(account);
    const admin = await world.add('root', { roles: ['admin'] });
    const signed = await world.signIn('root');
    await world.app.account.setOpen({ account: admin, token: signed.token }, account, false, caller());
  });
  after(async () => {
    await world.close();
  });

  it('list the newest entries with names, without what could steer a terminal', async () => {
    await world.store.audit.append([
      sampleAudit('gone', { at: world.clock.now(), userAgent: '\u001B[2J', facts: { name: '\u001B[2J' } }),
    ]);
    const { code, out, err } = await audit('list', '--count', '4');
    assert.deepEqual([code, err], [0, '4 entries.\n']);
    const lines = out.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^WHEN \(UTC\) +WHAT +OUTCOME +ACCOUNT +BY +DOOR +ADDRESS +FACTS$/u);
    assert.match(lines[1] ?? '', /sample +done +gone +gone +rest +192\.0\.2\.1 +name=\uFFFD\[2J$/u);
    assert.match(lines[2] ?? '', /account\.close +done +bob +root +rest/u);
    assert.equal(out.includes('\u001B'), false);
  });

  it('are drawn on by user show: the last sign-ins of an account, refused ones with the reason', async () => {
    const openApp = async () => ({ app: world.app, close: async () => {} });
    const { out } = await call(['user', 'show', 'ada'], { openApp });
    const lines = out.trimEnd().split('\n').slice(-3);
    assert.match(lines[0] ?? '', /^SIGN-IN \(UTC\) +OUTCOME +WHY +DOOR +ADDRESS +CLIENT$/u);
    assert.match(lines[1] ?? '', /refused +wrong-credentials +rest/u);
    assert.match(lines[2] ?? '', /done +- +rest/u);
  });

  it('list what was asked for', async () => {
    const whats = async (...words: readonly string[]) =>
      entriesOf((await audit('list', '--json', ...words)).out).map(
        ({ what, outcome }) => `${String(what)} ${String(outcome)}`,
      );
    assert.deepEqual(await whats('--user', 'ada'), ['log-in refused', 'log-in done', 'account.add done']);
    assert.deepEqual(await whats('--user', 'ada', '--outcome', 'refused'), ['log-in refused']);
    assert.deepEqual(await whats('--by', 'root', '--what', 'account.close'), ['account.close done']);
    assert.deepEqual(await whats('--user', 'ada', '--what', 'log-in', '--what', 'log-out'), [
      'log-in refused',
      'log-in done',
    ]);
    assert.deepEqual(await whats('--user', 'bob', '--until', '2026-08-21'), ['account.add done']);
    assert.deepEqual(
      await whats('--user', 'ada', '--since', '2026-08-20T12:01:00+02:00', '--until', '2026-08-20T10:01:00.001Z'),
      ['log-in refused', 'log-in done'],
    );
    assert.deepEqual(await whats('--user', 'ada', '--since', '2027-01-01'), []);
  });

  it('tell of an account that is gone by its id', async () => {
    assert.equal(entriesOf((await audit('list', '--json', '--user', 'id:gone')).out).length, 1);
    assert.equal((await audit('export', '--user', 'id:gone')).out.trimEnd().split('\n').length, 1);
  });

  it('list all with --count 0', async () => {
    const { entries } = JSON.parse((await audit('list', '--count', '0', '--json')).out) as { entries: unknown[] };
    const { err } = await audit('export');
    assert.equal(err, `${entries.length} entries.\n`);
  });

  it('refuse what makes no sense with exit code 2', async () => {
    for (const words of [
      ['list', '--count', '-1'],
      ['list', '--since', '2026-02-30'],
      ['list', '--outcome', 'both'],
      ['list', '--since', 'yesterday'],
      ['list', '--since', '2026-13-01'],
      ['list', '--until', '2026-01-31T14:00'],
      ['export', '--until', '1'],
      ['verify', '--head', '12'],
      ['verify', '--head', '0:AAAA'],
    ]) {
      assert.equal((await audit(...words)).code, 2, words.join(' '));
    }
    assert.equal((await audit('list', '--user', 'nobody')).code, 1);
    assert.equal((await audit('export', '--user', 'gone')).code, 1);
  });

  it('export every entry as a line of JSON, oldest first, with and without --json', async () => {
    const { code, out, err } = await audit('export');
    assert.equal(code, 0);
    const lines = out.trimEnd().split('\n').map(document);
    assert.equal(err, `${lines.length} entries.\n`);
    assert.deepEqual(
      lines.map(({ position }) => position),
      lines.map((_line, n) => n + 1),
    );
    const first = lines.find(({ what }) => what === 'log-in');
    assert.deepEqual(Object.keys(first ?? {}), [
      'position',
      'seal',
      'at',
      'what',
      'outcome',
      'accountId',
      'actorId',
      'door',
      'address',
      'userAgent',
      'facts',
    ]);
    assert.equal(first?.['at'], '2026-08-20T10:01:00.000Z');
    assert.match(String(first['seal']), /^[A-Za-z0-9+/]{43}=$/u);
    assert.equal((await audit('export', '--json')).out, out);
    const ofRoot = (await audit('export', '--user', 'root')).out.trimEnd().split('\n').map(document);
    assert.deepEqual(new Set(ofRoot.map(({ what }) => what)), new Set(['account.add', 'log-in', 'account.close']));
    assert.equal((await audit('export', '--since', '2030-01-01')).out, '');
  });

  it('verify the trail, and tell its head, with which a later check is made', async () => {
    const { code, out } = await audit('verify');
    assert.equal(code, 0);
    const [, last, head = ''] = /^Entries 1 to (\d+) hold\.\nHead: (\1:\S{44})\n$/u.exec(out) ?? [];
    assert.ok(Number(last) > 5, out);
    assert.equal(document((await audit('verify', '--json')).out)['compared'], null, 'with nothing');
    await world.signIn('ada');
    const again = await audit('verify', '--head', head, '--json');
    assert.deepEqual([again.code, document(again.out)['held'], document(again.out)['compared']], [0, true, true]);
    const future = `${Number(last) + 1000}:${head.split(':')[1] ?? ''}`;
    const cut = await audit('verify', '--head', future);
    assert.equal(cut.code, 1);
    assert.match(
      cut.out,
      /^The audit trail does not hold: it was cut off, entry \d+ and all behind it are missing\.\n$/u,
    );
    const other = await audit('verify', '--head', `2:${head.split(':')[1] ?? ''}`, '--json');
    assert.deepEqual(
      [other.code, document(other.out)['breach'], document(other.out)['position']],
      [1, 'other-trail', 2],
    );
  });
});
