import assert from 'node:assert/strict';
import { type Arena, unlimited } from '../arena.ts';
import { doors, type Outcome } from '../doors.ts';
import type { Cast, Group } from '../group.ts';
import { median, rankScore, timed } from '../timing.ts';
import { mustBeSame } from '../verdict.ts';
import { at, pass } from '../wire.ts';

/** Names that an account stands behind in one way or another, and one that nobody has. */
function names({ alice, closed }: Cast): Readonly<Record<string, string>> {
  return {
    'an account': alice.username,
    'its address': alice.email,
    'a closed account': closed.username,
    'an account without a password': 'rocket.cat',
    'an administrator': 'root.admin',
    'nobody': 'nobody.at.all',
    'nobody’s address': 'nobody@example.com',
  };
}

const rounds = 30;
/** A difference this sure is one: it comes by chance once in ten thousand samples. */
const sure = 3.9;

async function mustTakeAsLong(arena: Arena, cast: Cast): Promise<void> {
  const { alice, closed } = cast;
  const tries = [alice.username, 'nobody.at.all', 'rocket.cat', closed.username];
  const acts = tries.map((name) => async () => await arena.signIn('REST JSON', name, 'wrong'));
  let told = '';
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const [known = [], ...others] = await timed(acts, rounds);
    const differing = others.flatMap((times, index) => {
      const score = rankScore(known, times);
      const apart = Math.abs(median(known) - median(times));
      return Math.abs(score) > sure && apart > median(known) * 0.1
        ? [`${tries[index + 1]}: score ${score.toFixed(1)}, medians ${apart.toFixed(1)} ms apart`]
        : [];
    });
    if (differing.length === 0) return;
    told = differing.join('; ');
  }
  assert.fail(`four times over, the time told who exists: ${told}`);
}

/** C: finding out who has an account. */
export const enumeration: Group = {
  letter: 'C',
  about: 'finding out who has an account',
  env: unlimited,
  cases: [
    {
      id: 'C01',
      about: 'a wrong password says the same of whoever it is for, byte for byte, at every door',
      async act(arena, cast) {
        for (const door of doors) {
          let ordinary: Outcome | undefined;
          for (const [who, name] of Object.entries(names(cast))) {
            const outcome = await arena.signIn(door, name, 'wrong', { bystander: cast.bystander });
            ordinary ??= outcome;
            assert.equal(outcome.opened, undefined, `${door}: ${who}`);
            mustBeSame(outcome, ordinary);
          }
        }
      },
    },
    {
      id: 'C01b',
      about: 'a wrong password takes as long for whoever it is for (ranks of interleaved samples)',
      act: mustTakeAsLong,
    },
    {
      id: 'C02',
      about: 'a closed account and one without a password are told apart only by the right password',
      async act(arena, { closed, bystander }) {
        for (const door of doors) {
          const wrong = await arena.signIn(door, closed.username, 'wrong', { bystander });
          const unknown = await arena.signIn(door, 'nobody.at.all', 'wrong', { bystander });
          mustBeSame(wrong, unknown);
          const right = await arena.signIn(door, closed.username, closed.password, { bystander });
          assert.equal(right.opened, undefined);
          assert.equal(right.error, 'error-user-is-not-activated');
        }
        for (const password of ['', 'undefined', 'null', ' ']) {
          const { opened } = await arena.signIn('REST JSON', 'rocket.cat', password);
          assert.equal(opened, undefined, 'no password opens an account that has none');
        }
      },
    },
    {
      id: 'C06',
      about: 'names and people are told to nobody who is not signed in',
      async act(arena) {
        for (const path of [
          '/api/v1/users.checkUsernameAvailability?username=root.admin',
          '/api/v1/users.info?username=root.admin',
          '/api/v1/users.list',
          '/api/v1/users.getPresence?username=root.admin',
          '/api/v1/users.getStatus?username=root.admin',
          '/api/v1/users.presence',
          '/api/v1/users.getUsernameSuggestion',
          '/api/v1/users.autocomplete?selector={}',
          '/api/v1/settings',
          '/api/v1/permissions.listAll',
          '/api/v1/roles.list',
          '/api/v1/users.getPersonalAccessTokens',
        ]) {
          const reply = await arena.ask({ path: encodeURI(path) });
          assert.ok([401, 404].includes(reply.status), `${path}: ${reply.status} ${reply.text}`);
          assert.doesNotMatch(reply.text, /root\.admin/u);
        }
      },
    },
    {
      id: 'C06b',
      about: 'people are shown no secret of others, and one by one no address and no role',
      async act(arena, { alice, bystander }) {
        // The list shows addresses to whoever may see people at all: the contract has it so (rest.md §11.6).
        const list = await arena.ask({ path: '/api/v1/users.list', headers: pass(bystander) });
        assert.doesNotMatch(list.text, /"services"|password|hashed|createdAt/u);
        for (const path of [
          `/api/v1/users.info?userId=${alice.userId}`,
          `/api/v1/users.info?username=${alice.username}`,
        ]) {
          const reply = await arena.ask({ path, headers: pass(bystander) });
          assert.equal(reply.status, 200, reply.text);
          assert.ok(!reply.text.includes(alice.email), path);
          assert.doesNotMatch(reply.text, /services|password|lastLogin|hashed/u, path);
        }
        const byMail = await arena.ask({ path: `/api/v1/users.list?email=${alice.email}`, headers: pass(bystander) });
        assert.equal(byMail.status, 403);
        const known = await arena.ask({ path: `/api/v1/users.info?email=${alice.email}`, headers: pass(bystander) });
        const unknown = await arena.ask({
          path: '/api/v1/users.info?email=nobody@example.com',
          headers: pass(bystander),
        });
        assert.equal(known.text, unknown.text);
        assert.equal(known.status, unknown.status);
      },
    },
    {
      id: 'C09',
      cve: ['CVE-2025-31124', 'CVE-2021-3424'],
      about: 'spellings of one name are one account, and no look-alike of it can be made',
      async act(arena, { alice }) {
        const wide = Array.from(alice.username)
          .map((c) => (/[a-z]/u.test(c) ? String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0) : c))
          .join('');
        for (const name of [
          alice.username.toUpperCase(),
          wide,
          `${alice.username.slice(0, 3)}\u200b${alice.username.slice(3)}`,
          `\u202e${alice.username}`,
          alice.email.toUpperCase(),
        ]) {
          const { opened } = await arena.signIn('REST JSON', name, alice.password);
          assert.equal(opened?.userId, alice.userId, JSON.stringify(name));
          const wrong = await arena.signIn('REST JSON', name, 'wrong');
          assert.equal(wrong.opened, undefined);
          const [row] = arena.rows(
            `select account_id from audit where what = 'log-in' and outcome = 'refused' order by seq desc limit 1`,
          );
          assert.equal(row?.['account_id'], alice.userId, 'counted under the account that is meant');
        }
        const cyrillic = alice.username.replace('e', '\u0435');
        for (const username of [
          alice.username.toUpperCase(),
          wide,
          `${alice.username}\u200b`,
          cyrillic,
          ` ${alice.username}`,
          `${alice.username} `,
          `${alice.username}\u0000`,
          alice.username.replace('p', '\u{1d5c9}'),
        ]) {
          const reply = await arena.ask({
            path: '/api/v1/users.create',
            headers: pass(arena.admin),
            json: { username, name: 'x', email: 'look@example.com', password: 'long enough for anybody' },
          });
          assert.equal(reply.status, 400, `${JSON.stringify(username)}: ${reply.text}`);
        }
        const email = alice.email.toUpperCase();
        const sameMail = await arena.ask({
          path: '/api/v1/users.create',
          headers: pass(arena.admin),
          json: { username: 'other.name', name: 'x', email, password: 'long enough for anybody' },
        });
        assert.equal(sameMail.status, 400, sameMail.text);
      },
    },
    {
      id: 'C10',
      about: 'answers of all failures have the same headers, and name no account',
      async act(arena, { alice, closed }) {
        const bodies = [
          { user: alice.username, password: 'wrong' },
          { user: 'nobody.at.all', password: 'wrong' },
          { resume: 'x'.repeat(43) },
          { user: { $ne: 1 }, password: 'x' },
          {},
          { user: closed.username, password: 'wrong' },
          { oauth: { credentialToken: 'x', credentialSecret: 'x' } },
        ];
        const sets = new Set<string>();
        for (const body of bodies) {
          const [outcome] = await arena.knock('REST JSON', body);
          sets.add(JSON.stringify(Object.keys(outcome?.headers ?? {})));
          assert.ok(!outcome?.text.includes(alice.userId) && !outcome?.text.includes(closed.userId));
        }
        assert.equal(sets.size, 1, [...sets].join('\n'));
      },
    },
    {
      id: 'C12',
      about: 'a token of nobody, of somebody else and an ended one are refused in the same bytes',
      async act(arena, { alice, bystander }) {
        const ended = await arena.person();
        await arena.ask({ path: '/api/v1/logout', method: 'POST', headers: pass(ended) });
        const texts = new Set<string>();
        for (const headers of [
          {},
          pass({ userId: 'nobody', authToken: 'x'.repeat(43) }),
          pass({ userId: alice.userId, authToken: 'x'.repeat(43) }),
          pass({ userId: alice.userId, authToken: bystander.authToken }),
          pass(ended),
        ]) {
          const reply = await arena.ask({ path: '/api/v1/me', headers });
          assert.equal(reply.status, 401);
          assert.equal(at(reply.json, 'message'), 'You must be logged in to do this.');
          texts.add(reply.text);
        }
        assert.equal(texts.size, 1);
      },
    },
  ],
};
