import { setImmediate as turn } from 'node:timers/promises';
import { Fault } from '../../core/fault.ts';
import type { Caller } from '../../core/ports.ts';
import type { LoggedIn } from '../../core/session/log-in.ts';
import { restrictionOf } from '../../core/session/restricted.ts';
import type { Signed } from '../../core/session/token.ts';
import { closeCode, type Receiver, type Transport } from '../shapes/transport.ts';
import { decodeFrame, type Incoming, type MethodFrame, negotiate, type SubFrame, type UnsubFrame } from './codec.ts';
import { dispatch } from './dispatch.ts';
import { tooMany } from './errors.ts';
import * as frames from './frames.ts';
import type { Hub } from './hub.ts';
import type { Identity } from './link.ts';
import { Pulse } from './pulse.ts';
import { Queue, type Worker } from './queue.ts';
import { usersDocument } from './users-document.ts';
import { View, type Viewer } from './view.ts';

type Task = MethodFrame | SubFrame | UnsubFrame;

interface Work {
  readonly text: string;
  /** Left out when it had to wait: parsed it weighs far more than its text. */
  readonly frame: Task | undefined;
}

/**
 * One realtime connection: the handshake, the order of its messages, whose it is. There may be tens of thousands, so
 * what an idle one does not need is not made (design §6).
 */
export class Session implements Receiver, Viewer, Worker<Work> {
  readonly id: string;
  readonly transport: Transport;
  readonly #hub: Hub;
  readonly #onEnd: (session: Session) => void;
  slot = -1;
  lastEvent = 0;
  #identity: Identity | undefined;
  #view: View | undefined;
  #queue: Queue<Work> | undefined;
  #version: string | undefined;
  #ended = false;
  /** Its token is gone; it ends when what runs is done. */
  #doomed = false;
  readonly #pulse = new Pulse();

  /** @param onEnd called once, when the connection is over */
  constructor(hub: Hub, transport: Transport, onEnd: (session: Session) => void) {
    this.#hub = hub;
    this.id = hub.random.id();
    this.transport = transport;
    this.#onEnd = onEnd;
    hub.wheel.add(this);
    this.send(frames.greeting);
  }

  get identity(): Identity | undefined {
    return this.#identity;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get busy(): boolean {
    return this.#queue?.busy === true;
  }

  get mostWaiting(): Worker<Work>['mostWaiting'] {
    const { limits } = this.#hub;
    const size = this.#identity === undefined ? limits.waitingCharactersBeforeSignIn : limits.waitingCharacters;
    return { items: limits.waitingFrames, size };
  }

  get subscriptions(): number {
    return this.#view?.size ?? 0;
  }

  send(frame: string): void {
    if (this.#ended) return;
    this.transport.send(frame);
    if (this.transport.unsentBytes <= this.#mostUnsent) return;
    this.end(closeCode.slowConsumer, 'SLOW_CONSUMER');
    // Whoever takes nothing takes no farewell either, and what is unsent fills our memory.
    this.#hub.timers.after(this.#hub.limits.farewellMs, () => {
      this.transport.terminate();
    });
  }

  /** Ends the connection from our side. */
  end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#over();
    this.transport.close(code, reason);
  }

  closed(): void {
    this.#over();
  }

  message(text: string): void {
    if (this.#ended) return;
    this.#pulse.heard();
    const { frameCharactersBeforeSignIn, offendingCharacters } = this.#hub.limits;
    if (this.#identity === undefined && text.length > frameCharactersBeforeSignIn) {
      this.end(closeCode.tooLarge, 'Message too large');
      return;
    }
    const incoming = decodeFrame(text);
    const offending = text.length > offendingCharacters ? undefined : incoming.given;
    if (incoming.kind === 'no-message') this.send(frames.protocolError('Bad request', offending));
    else if (this.#version === undefined) this.#greet(incoming, offending);
    else this.#take(incoming, { text, offending, version: this.#version });
  }

  beat(now: number): boolean {
    if (this.#ended) return false;
    const identity = this.#identity;
    if (identity?.endsAt !== undefined && identity.endsAt <= now) this.revoke(identity.tokenHash, false);
    const client = { connected: this.#version !== undefined, answers: this.#version !== 'pre1' };
    const due = this.#pulse.beat(client, this.#hub.limits);
    if (due === 'lost') this.end(closeCode.normal, 'Normal closure');
    else if (due === 'ping') this.send(frames.serverPing);
    return identity !== undefined && this.#pulse.isMinute;
  }

  revoke(tokenHash: string, forced: boolean): void {
    if (this.#ended || this.#doomed || this.#identity?.tokenHash !== tokenHash) return;
    const { accountId } = this.#identity;
    if (forced) this.#view?.tell('stream-notify-user', `${accountId}/force_logout`);
    this.#doomed = true;
    if (!this.busy) {
      this.end(closeCode.normal, 'Normal closure');
      return;
    }
    this.#hub.timers.after(this.#hub.limits.farewellMs, () => {
      if (this.#doomed) this.end(closeCode.normal, 'Normal closure');
    });
  }

  /** Shuts the streams of a connection that has become good for less while it was open. */
  async review(): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    const { app } = this.#hub;
    const found = await app.session.find(identity.tokenHash);
    if (found === undefined || this.#identity !== identity) return;
    const restriction = restrictionOf(found);
    if (restriction === identity.restriction) return;
    this.#identity = { ...identity, restriction };
    if (restriction === undefined) return;
    await this.#view?.become(usersDocument(found.account, app.presence.ofConnections(found.account.id)));
  }

  /** The caller of this connection as the store knows them now. @throws Fault `token-unknown` when the token is gone */
  async signed(): Promise<Signed | undefined> {
    const identity = this.#identity;
    if (identity === undefined) return undefined;
    const { app } = this.#hub;
    const found = await app.session.find(identity.tokenHash);
    const now = app.clock.now();
    const lives = found !== undefined && found.account.open && (found.token.endsAt ?? now + 1) > now;
    if (lives) {
      if (identity.restriction !== undefined && this.#identity === identity) {
        this.#identity = { ...identity, restriction: restrictionOf(found) };
      }
      return found;
    }
    this.revoke(identity.tokenHash, false);
    throw new Fault('token-unknown');
  }

  #greet(incoming: Incoming, offending: unknown): void {
    if (incoming.kind !== 'connect') {
      this.send(frames.protocolError('Must connect first', offending));
      return;
    }
    const { agreed, version } = negotiate(incoming.offer);
    if (!agreed) {
      this.send(frames.failed(version));
      this.end(closeCode.normal, 'Normal closure');
      return;
    }
    this.#version = version;
    this.#pulse.restart();
    this.#hub.wheel.add(this);
    this.send(frames.connected(this.id));
  }

  #take(
    incoming: Exclude<Incoming, { kind: 'no-message' }>,
    { text, offending, version }: { readonly text: string; readonly offending: unknown; readonly version: string },
  ): void {
    switch (incoming.kind) {
      case 'connect':
        this.send(frames.protocolError('Already connected', offending));
        return;
      case 'ping':
        if (version === 'pre1') this.send(frames.protocolError('Bad request', offending));
        else if (!incoming.silent) this.send(frames.pong(incoming.id));
        return;
      case 'pong':
        return;
      case 'misshapen':
        this.send(frames.protocolError(incoming.reason, offending));
        return;
      default:
        this.#line(incoming, text);
    }
  }

  #line(task: Task, text: string): void {
    this.#queue ??= new Queue<Work>(this);
    const frame = this.#queue.busy ? undefined : task;
    if (!this.#queue.add({ text, frame }, text.length)) this.end(closeCode.policy, 'Too many messages waiting');
  }

  /** Answers one message; called by the queue. */
  async work(work: Work): Promise<void> {
    // Many short answers must not count as unsent before they could be sent.
    if (this.transport.unsentBytes > this.#mostUnsent / 2) await turn();
    if (this.#ended) return;
    const frame = taskOf(work);
    if (frame === undefined) return;
    try {
      if (frame.kind === 'method') await this.#method(frame);
      else if (frame.kind === 'sub') await this.#subscribe(frame, work.text);
      else this.#seen.unsubscribe(frame.id);
    } catch (cause) {
      this.#hub.log('A realtime message could not be worked on.', { kind: frame.kind, cause });
    }
    if (this.#doomed) this.end(closeCode.normal, 'Normal closure');
  }

  async #method({ id, method, params }: MethodFrame): Promise<void> {
    const { mark } = this.#hub.revocation;
    const { known, answer } = await dispatch(this.#hub, {
      name: method,
      params,
      call: {
        caller: this.#caller,
        signIn: async (loggedIn) => {
          await this.#signIn(loggedIn, mark);
        },
        signOut: async () => {
          await this.#signOut();
        },
      },
      accountId: this.#identity?.accountId,
      connection: this.id,
      signed: async () => await this.signed(),
      supplied: { code: undefined, method: undefined },
    });
    if (known) this.send(frames.updated(id));
    this.send(frames.result(id, answer));
    if (!known) this.send(frames.updated(id));
  }

  async #subscribe(sub: SubFrame, text: string): Promise<void> {
    const waitMs = this.#hub.rates.take({
      kind: 'sub',
      name: sub.name,
      address: this.transport.address,
      accountId: this.#identity?.accountId,
      connection: this.id,
    });
    if (waitMs > 0) this.send(frames.nosub(sub.id, tooMany(waitMs)));
    else await this.#seen.subscribe(sub, text);
  }

  async #signIn({ account, token }: LoggedIn, mark: number): Promise<void> {
    if (this.#ended) return;
    const { people, revocation, app } = this.#hub;
    this.#release();
    this.#identity = {
      accountId: account.id,
      tokenHash: token.hash,
      endsAt: token.endsAt,
      restriction: restrictionOf({ account, token }),
    };
    people.add(account.id, this);
    if (revocation.heardSince(account.id, mark)) revocation.look([this], false);
    app.presence.connect(this.id, account.id);
    await this.#seen.become(usersDocument(account, app.presence.ofConnections(account.id)));
    if (token.pool === 'script') {
      app.session.makeInteractive(token).catch((cause: unknown) => {
        this.#hub.log('A token could not be moved to the interactive pool.', { token: token.id, cause });
      });
    }
  }

  async #signOut(): Promise<void> {
    if (this.#ended || this.#identity === undefined) return;
    this.#release();
    this.#hub.app.presence.disconnect(this.id);
    await this.#seen.become(undefined);
  }

  #release(): void {
    if (this.#identity !== undefined) this.#hub.people.remove(this.#identity.accountId, this);
    this.#identity = undefined;
    // What was to be ended is the connection of whoever it was.
    this.#doomed = false;
  }

  get #mostUnsent(): number {
    const { limits } = this.#hub;
    return this.#identity === undefined ? limits.unsentBytesBeforeSignIn : limits.unsentBytes;
  }

  get #seen(): View {
    this.#view ??= new View(this.#hub, this);
    return this.#view;
  }

  get #caller(): Caller {
    return {
      door: 'ddp',
      address: this.transport.address,
      userAgent: this.transport.userAgent,
      requestId: this.id,
    };
  }

  #over(): void {
    if (this.#ended) return;
    this.#ended = true;
    const wasSomebodys = this.#identity !== undefined;
    this.#release();
    this.#view?.end();
    this.#view = undefined;
    this.#queue?.clear();
    this.#hub.wheel.remove(this);
    if (wasSomebodys) this.#hub.app.presence.disconnect(this.id);
    this.#onEnd(this);
  }
}

function taskOf({ text, frame }: Work): Task | undefined {
  if (frame !== undefined) return frame;
  const incoming = decodeFrame(text);
  return incoming.kind === 'method' || incoming.kind === 'sub' || incoming.kind === 'unsub' ? incoming : undefined;
}
