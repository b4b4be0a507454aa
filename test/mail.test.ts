// Mails from the outbox into a real mail server.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { SMTPServerOptions } from 'smtp-server';
import type { Mail, MailServer } from '../src/core/mailer.ts';
import { type OutboxMail, openBody } from '../src/core/outbox.ts';
import { sealerOf } from '../src/lib/seal.ts';
import { systemRandom } from '../src/lib/system-random.ts';
import { openPostOffice, type PostOffice, type PostOfficeNeeds } from '../src/mail/post-office.ts';
import { openSink, type Sink } from './mail-sink.ts';
import { caller, openWorld, type World } from './world.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const sealer = sealerOf(Buffer.alloc(32, 7));
const ada = 'ada@example.org';

function codeTo(...to: readonly string[]): Mail {
  return { kind: 'authentication-code', to, language: 'en', facts: { code: '123-456', minutes: '60' } };
}

/** A refusal of the mail server. */
function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

interface Ground {
  readonly world: World;
  readonly office: PostOffice;
  readonly log: readonly string[];
  readonly another: (more?: Partial<PostOfficeNeeds>) => PostOffice;
  readonly set: (values: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly newest: () => Promise<OutboxMail>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function sinkWith(options: SMTPServerOptions = {}, port = 0): Promise<Sink> {
  const sink = await openSink(options, port);
  open.push(sink.close);
  return sink;
}

async function groundWith(
  server: PostOfficeNeeds['server'],
  more: { readonly env?: Readonly<Record<string, string>>; readonly needs?: Partial<PostOfficeNeeds> } = {},
): Promise<Ground> {
  const world = await openWorld({ env: { OVERWRITE_SETTING_Site_Url: 'https://chat.example.org', ...more.env } });
  open.push(world.close);
  const { store, clock, app } = world;
  const log: string[] = [];
  const another: Ground['another'] = (needs) =>
    openPostOffice({
      outbox: store.outbox,
      sealer,
      clock,
      random: systemRandom,
      settings: app.settings,
      server,
      log: (sentence, facts) => {
        const { err } = facts;
        log.push(
          `${sentence} ${JSON.stringify(facts)} ${err instanceof Error ? `${err.message} ${err.stack ?? ''}` : ''}`,
        );
      },
      ...needs,
    });
  return {
    world,
    office: another(more.needs),
    log,
    another,
    set: async (values) => {
      const changes = Object.entries(values).map(([id, value]) => ({ id, value }));
      await app.settings.write(changes, { caller: caller(), accountId: undefined });
    },
    newest: async () => (await store.outbox.newest(1))[0] ?? assert.fail('the outbox is empty'),
  };
}

function at({ port }: Pick<Sink, 'port'>, more: Partial<MailServer> = {}): MailServer {
  return { host: '127.0.0.1', port, secure: false, ignoreTls: true, credentials: undefined, ...more };
}

describe('a mail that is posted', () => {
  it('waits sealed in the outbox, and is sent to each recipient apart', async () => {
    const sink = await sinkWith();
    const { world, office } = await groundWith(at(sink));
    await office.post(codeTo(ada, 'ada@example.net'));
    const waiting = await world.store.outbox.newest(5);
    assert.deepEqual(waiting.map(({ recipient }) => recipient).toSorted(), ['ada@example.net', ada]);
    for (const { subject, state, sealedBody } of waiting) {
      assert.deepEqual([subject, state], ['Authentication code', 'waiting']);
      assert.doesNotMatch(sealedBody, /123|code/u);
    }
    await office.deliverDue();
    assert.deepEqual(sink.arrived.map(({ to }) => to.join()).toSorted(), ['ada@example.net', ada]);
    const [first] = sink.arrived;
    assert.equal(first?.from, 'noreply@chat.example.org');
    assert.match(first.headers, /^From: "?Rocket\.Chat"? <noreply@chat\.example\.org>$/mu);
    assert.match(first.headers, /^Subject: Authentication code$/mu);
    assert.match(first.headers, /^Auto-Submitted: auto-generated$/mu);
    assert.match(first.body, /^ {4}123-456$/mu);
    assert.match(first.body, />123-456</u);
    for (const mail of await world.store.outbox.newest(5)) {
      assert.deepEqual([mail.state, mail.sentAt, mail.tries, mail.sealedBody], ['sent', world.clock.now(), 1, '']);
    }
    await office.deliverDue();
    assert.equal(sink.arrived.length, 2, 'nothing is sent twice');
  });

  it('is sent once, however many nodes deliver', async () => {
    const sink = await sinkWith();
    const { world, office, another } = await groundWith(at(sink));
    const nodes = [office, another(), another()];
    const to = Array.from({ length: 30 }, (_, index) => `user${index}@example.org`);
    await Promise.all(to.map(async (one, index) => await nodes[index % 3]?.post(codeTo(one))));
    await Promise.all(nodes.map(async (node) => await node.deliverDue()));
    assert.deepEqual(sink.arrived.flatMap((mail) => mail.to).toSorted(), to.toSorted());
    assert.ok((await world.store.outbox.newest(50)).every(({ state, tries }) => state === 'sent' && tries === 1));
  });

  it('leaves at once where the server delivers, within seconds when another process wrote it, and stopping waits', async (t) => {
    const sink = await sinkWith();
    const { world, office, another, newest } = await groundWith(at(sink));
    t.mock.timers.enable({ apis: ['setInterval'] });
    const stop = office.start();
    await office.post(codeTo(ada));
    await sink.until(1);
    await office.deliverDue();
    world.clock.move(1);
    await another().post(codeTo(ada));
    assert.equal((await newest()).state, 'waiting');
    t.mock.timers.tick(5_000);
    await sink.until(2);
    await stop();
    assert.equal((await newest()).state, 'sent');
    world.clock.move(1);
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.equal((await newest()).state, 'waiting', 'a stopped one takes nothing more');
  });

  it('is tried again with growing pauses when it was refused for now, and no try tells the code', async () => {
    let refusals = 2;
    const sink = await sinkWith({
      onRcptTo: (_, __, answer) => {
        refusals -= 1;
        answer(refusals >= 0 ? refusal(451, '4.7.1 Greylisted,\ncome back') : null);
      },
    });
    const { world, office, newest, log } = await groundWith(at(sink));
    await office.post(codeTo(ada));
    await office.deliverDue();
    const first = await newest();
    assert.deepEqual([first.state, first.tries, first.dueAt], ['waiting', 1, world.clock.now() + minuteMs]);
    assert.match(
      first.lastError ?? '',
      /^The mail server refused the sender or the recipient \(451 4\.7\.1 Greylisted/u,
    );
    world.clock.move(minuteMs - 1);
    await office.deliverDue();
    assert.equal((await newest()).tries, 1);
    world.clock.move(1);
    await office.deliverDue();
    const second = await newest();
    assert.deepEqual([second.tries, second.dueAt], [2, world.clock.now() + 5 * minuteMs]);
    world.clock.move(5 * minuteMs);
    await office.deliverDue();
    const third = await newest();
    assert.deepEqual([third.state, third.tries, third.lastError], ['sent', 3, undefined]);
    assert.equal(sink.arrived.length, 1);
    assert.equal(log.length, 2);
    assert.doesNotMatch(log.join('\n'), /123-?456/u);
  });

  it('has failed when the server refuses it for good, and is sent when an operator says so', async () => {
    let refuse = true;
    const sink = await sinkWith({
      onRcptTo: (_, __, answer) => answer(refuse ? refusal(550, `5.1.1 <${ada}> No such user`) : null),
    });
    const { world, office, newest, log } = await groundWith(at(sink));
    await office.post(codeTo(ada));
    await office.deliverDue();
    const { id, state, tries, lastError } = await newest();
    assert.deepEqual([state, tries], ['failed', 1]);
    assert.match(lastError ?? '', /550 5\.1\.1 <ada@example\.org> No such user/u);
    assert.match(log.join(), /550 5\.1\.1 <…> No such user/u);
    assert.doesNotMatch(log.join(), /ada|123-456|Authentication code/u);
    world.clock.move(dayMs);
    await office.deliverDue();
    assert.equal((await newest()).tries, 1);
    refuse = false;
    assert.equal(await world.app.host.retryMail(id, caller()), true);
    await office.deliverDue();
    assert.equal((await newest()).state, 'sent');
    assert.equal(await world.app.host.retryMail(id, caller()), false);
  });

  it('arrives when the server was away and is back', async () => {
    const first = await openSink();
    await first.close();
    const { world, office, newest } = await groundWith(at(first));
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.match((await newest()).lastError ?? '', /^The mail server could not be reached/u);
    const back = await sinkWith({}, first.port);
    world.clock.move(minuteMs);
    await office.deliverDue();
    assert.deepEqual([back.arrived.length, (await newest()).state], [1, 'sent']);
  });

  it('has failed after a day of tries', async () => {
    const away = await openSink();
    await away.close();
    const { world, office, newest, log } = await groundWith(at(away));
    const began = world.clock.now();
    await office.post(codeTo(ada));
    const pauses: number[] = [];
    for (;;) {
      await office.deliverDue();
      const { state, dueAt } = await newest();
      if (state !== 'waiting') break;
      pauses.push((dueAt - world.clock.now()) / minuteMs);
      world.clock.move(dueAt - world.clock.now());
    }
    assert.deepEqual(pauses.slice(0, 5), [1, 5, 15, 60, 60]);
    const hours = (world.clock.now() - began) / 3_600_000;
    assert.ok(hours > 23 && hours <= 24, String(hours));
    const { state, lastError, sealedBody } = await newest();
    assert.equal(state, 'failed');
    assert.match(lastError ?? '', /could not be reached/u);
    assert.notEqual(sealedBody, '');
    assert.match(log.at(-1) ?? '', /is not tried again/u);
  });

  it('is tried again when a node died while it sent', async () => {
    const sink = await sinkWith();
    const { world, office, newest } = await groundWith(at(sink));
    await office.post(codeTo(ada));
    const now = world.clock.now();
    assert.notEqual(await world.store.outbox.claim(now, now + 5 * minuteMs), undefined);
    await office.deliverDue();
    assert.equal(sink.arrived.length, 0);
    world.clock.move(5 * minuteMs);
    await office.deliverDue();
    assert.deepEqual([sink.arrived.length, (await newest()).tries], [1, 2]);
  });

  it('is given up when its text cannot be opened', async () => {
    const sink = await sinkWith();
    const { office, another, newest } = await groundWith(at(sink));
    await another({ sealer: sealerOf(Buffer.alloc(32, 8)) }).post(codeTo(ada));
    await office.deliverDue();
    assert.deepEqual([(await newest()).state, sink.arrived.length], ['failed', 0]);
  });

  it('is refused with an address that could become a header or a second recipient', async () => {
    const { world, office } = await groundWith('outbox');
    for (const to of ['ada@example.org\r\nBcc: eve@example.org', 'ada@example.org,eve@example.org', '']) {
      await assert.rejects(office.post(codeTo(ada, to)), { code: 'email-invalid' });
      await assert.rejects(office.deliver(codeTo(ada, to)), { code: 'email-invalid' });
    }
    assert.deepEqual(await world.store.outbox.newest(1), []);
  });
});

describe('the way to the mail server', () => {
  it('is not encrypted where STARTTLS is not to be attempted', async () => {
    const sink = await sinkWith();
    const { office, newest } = await groundWith(at(sink, { ignoreTls: true }));
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.deepEqual([(await newest()).state, sink.arrived[0]?.secure], ['sent', false]);
  });

  it('is encrypted where the server offers it, and a certificate that nobody vouches for is not taken', async () => {
    const sink = await sinkWith();
    const { office, newest } = await groundWith(at(sink, { ignoreTls: false }));
    await office.post(codeTo(ada));
    await office.deliverDue();
    const { state, lastError } = await newest();
    assert.deepEqual([state, sink.arrived.length], ['waiting', 0]);
    assert.match(lastError ?? '', /^The mail server could not be reached/u);
  });

  it('carries no password that somebody on the way could read, unless the operator wants it', async () => {
    const heard: unknown[] = [];
    const sink = await sinkWith({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, answer) => {
        heard.push(password);
        answer(null, { user: username ?? '' });
      },
    });
    // 0.0.0.0 leads to this machine as well, but is not known as its own.
    const server = at(sink, {
      host: '0.0.0.0',
      ignoreTls: false,
      credentials: { user: 'mailer', password: 'hunter2' },
    });
    const { office, another, newest, log } = await groundWith(server);
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.deepEqual([(await newest()).state, heard], ['waiting', []]);
    assert.doesNotMatch(log.join('\n') + String((await newest()).lastError), /hunter2/u);
    const { held } = await another({ server: { ...server, ignoreTls: true } }).deliver(codeTo(ada));
    assert.deepEqual([held, heard, sink.arrived[0]?.user], [true, ['hunter2'], 'mailer']);
  });

  it('is tried again with a wrong password, which is told nowhere', async () => {
    const sink = await sinkWith({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, answer) => {
        if (password === 'right') answer(null, { user: username ?? '' });
        else answer(new Error(`no ${username ?? ''} with ${password ?? ''}`));
      },
    });
    const env = {
      SMTP_Host: '127.0.0.1',
      SMTP_Port: String(sink.port),
      SMTP_Username: 'mailer',
      SMTP_Password: 'hunter2',
    };
    const { world, office, newest, log, set } = await groundWith(undefined, { env });
    await office.post(codeTo(ada));
    await office.deliverDue();
    const { state, lastError } = await newest();
    assert.deepEqual([state, lastError], ['waiting', 'The mail server refused the user name or the password (535).']);
    assert.doesNotMatch(log.join('\n'), /hunter2|mailer/u);
    await set({ SMTP_Password: 'right' });
    world.clock.move(minuteMs);
    await office.deliverDue();
    assert.deepEqual([(await newest()).state, sink.arrived[0]?.user], ['sent', 'mailer']);
  });

  it('is left when the server says nothing, or never ends', { timeout: 30_000 }, async () => {
    const sockets = new Set<{ destroy: () => void }>();
    let greet = false;
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      if (!greet) return;
      // One more line of a greeting that has no end, before the silence is long enough.
      const timer = setInterval(() => socket.write('220-more\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    open.push(
      async () =>
        await new Promise((resolve) => {
          for (const socket of sockets) socket.destroy();
          mute.close(() => resolve());
        }),
    );
    const { port } = mute.address() as { port: number };
    const long = 600_000;
    const patience = { connection: long, greeting: 100, silence: long, all: long };
    const { office, another } = await groundWith(at({ port }), { needs: { patience } });
    assert.deepEqual(await office.deliver(codeTo(ada)), {
      held: false,
      because: 'The mail server did not answer in time.',
    });
    greet = true;
    const endless = another({ patience: { connection: long, greeting: long, silence: long, all: 200 } });
    assert.deepEqual(await endless.deliver(codeTo(ada)), {
      held: false,
      because: 'The mail server did not answer in time.',
    });
  });

  it('follows the settings with the next mail', async () => {
    const [one, other] = [await sinkWith(), await sinkWith()];
    const env = { SMTP_Host: '127.0.0.1', SMTP_Port: String(one.port), From_Email: 'Desk <desk@example.org>' };
    const { office, set, newest, world } = await groundWith(undefined, { env });
    await office.post(codeTo(ada));
    await office.deliverDue();
    await office.post(codeTo(ada));
    await set({ SMTP_Port: String(other.port), From_Email: 'help@example.org', Site_Name: 'Chat' });
    await office.deliverDue();
    assert.deepEqual([one.arrived.length, other.arrived.length], [1, 1]);
    assert.match(one.arrived[0]?.headers ?? '', /^From: "?Desk"? <desk@example\.org>$/mu);
    assert.match(other.arrived[0]?.headers ?? '', /^From: "?Chat"? <help@example\.org>$/mu);
    await set({ SMTP_Port: 'a lot' });
    world.clock.move(1);
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.equal((await newest()).lastError, 'The setting SMTP_Port must be a number from 1 to 65535.');
  });

  it('lets no setting add a header', async () => {
    const sink = await sinkWith();
    const { office, set, newest, world } = await groundWith(at(sink));
    const shown: string[] = [];
    for (const values of [
      { Site_Name: 'Chat\r\nBcc: eve@example.org\r\n\r\n<p>' },
      { From_Email: 'desk@example.org\r\nBcc: eve@example.org' },
      { From_Email: 'Desk\nBcc: eve@example.org <desk@example.org>' },
      { From_Email: 'desk@example.org, eve@example.org' },
    ]) {
      await set(values).catch(() => shown.push('refused'));
      world.clock.move(1);
      await office.post(codeTo(ada));
      await office.deliverDue();
      const { state, lastError } = await newest();
      shown.push(`${state} ${lastError ?? ''}`);
    }
    for (const { headers, to } of sink.arrived) {
      assert.doesNotMatch(headers, /^Bcc:/mu);
      assert.deepEqual(to, [ada]);
    }
    // What is no sender is refused where it is set (and again where it is used, see `server.test.ts`).
    const wrong = ['refused', 'sent '];
    assert.deepEqual(shown, ['sent ', ...wrong, ...wrong, ...wrong]);
  });
});

describe('without a mail server', () => {
  it('mails stay in the outbox, which is said once, and none counts as delivered', async () => {
    const { world, office, log, newest } = await groundWith(undefined);
    await office.post(codeTo(ada));
    await office.post(codeTo(ada));
    await office.deliverDue();
    assert.deepEqual(log, ['No mail server is set: mails stay in the outbox. {} ']);
    const kept = await newest();
    assert.deepEqual([kept.state, kept.tries], ['kept', 0]);
    assert.match(openBody(sealer, kept)?.text ?? '', /123-456/u);
    assert.deepEqual(await office.deliver(codeTo(ada)), {
      held: false,
      because: 'No mail server is set: give MAIL_URL, or the setting SMTP_Host.',
    });
    assert.equal((await world.store.outbox.newest(9)).length, 2);
  });

  it('but with the outbox in its place on purpose, they are kept without a word and count as delivered', async () => {
    const { office, log, newest } = await groundWith('outbox');
    assert.deepEqual(await office.deliver({ kind: 'delivery-test', to: [ada], language: 'de', facts: {} }), {
      held: true,
    });
    const { state, kind, subject } = await newest();
    assert.deepEqual([state, kind, subject], ['kept', 'delivery-test', 'Test der E-Mail-Zustellung']);
    await office.post(codeTo('bob@example.org'));
    await office.deliverDue();
    assert.deepEqual(log, []);
  });

  it('what waited is kept when the mail server is taken out of the settings', async () => {
    const { office, set, newest } = await groundWith(undefined, { env: { SMTP_Host: '127.0.0.1' } });
    await office.post(codeTo(ada));
    assert.equal((await newest()).state, 'waiting');
    await set({ SMTP_Host: '' });
    await office.deliverDue();
    assert.equal((await newest()).state, 'kept');
  });
});

describe('a mail that must arrive at once', () => {
  it('is held when the server takes it for every recipient', async () => {
    const sink = await sinkWith({
      onRcptTo: ({ address }, _, answer) => answer(address === ada ? null : refusal(550, 'No such user')),
    });
    const { world, office } = await groundWith(at(sink));
    assert.deepEqual(await office.deliver(codeTo(ada)), { held: true });
    const refused = await office.deliver(codeTo(ada, 'bob@example.org'));
    assert.equal(refused.held, false);
    assert.match(refused.because ?? '', /550 No such user/u);
    assert.equal((await office.deliver(codeTo())).held, false);
    assert.deepEqual(await world.store.outbox.newest(1), []);
  });
});

describe('the outbox', () => {
  it('forgets sent mails after 7 days and others after 30', async () => {
    const sink = await sinkWith();
    const { world, office, another } = await groundWith(at(sink));
    await office.post(codeTo(ada));
    await office.deliverDue();
    await another({ server: 'outbox' }).post(codeTo(ada));
    const sweep = async () => await world.store.outbox.sweep(world.clock.now(), 100);
    world.clock.move(7 * dayMs - 1);
    assert.equal(await sweep(), 0);
    world.clock.move(1);
    assert.equal(await sweep(), 1);
    world.clock.move(23 * dayMs);
    assert.equal(await sweep(), 1);
  });
});
