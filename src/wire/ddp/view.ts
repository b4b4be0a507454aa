import type { Signed } from '../../core/session/token.ts';
import { decodeEjson } from '../shapes/ejson.ts';
import type { FaultText } from '../shapes/fault-text.ts';
import { methodError } from '../shapes/method-call.ts';
import { Box } from './box.ts';
import { decodeFrame, type SubFrame } from './codec.ts';
import { errorOf } from './errors.ts';
import { type Document, nosub, ready, streamEvent } from './frames.ts';
import type { Hub } from './hub.ts';
import type { Link } from './link.ts';
import type { Opened, Publication } from './publication.ts';
import { Refusal } from './refusal.ts';
import { eventTopic } from './topic-names.ts';
import type { Listener } from './topics.ts';

/** What a view must know of its connection. */
export interface Viewer extends Link {
  readonly ended: boolean;
  signed(): Promise<Signed | undefined>;
}

const tooManySubs: FaultText = { error: 'too-many-subscriptions', reason: 'Too many subscriptions' };

class Sub implements Listener {
  readonly view: View;
  readonly id: string;
  readonly publication: Publication;
  /** The whole frame, of which the parameters are read each time: parsed they weigh far more. */
  readonly text: string;
  topics: readonly string[] = [];

  constructor(view: View, asked: Pick<Sub, 'id' | 'publication' | 'text'>) {
    this.view = view;
    this.id = asked.id;
    this.publication = asked.publication;
    this.text = asked.text;
  }

  /** Still EJSON. */
  get params(): readonly unknown[] {
    const frame = decodeFrame(this.text);
    return frame.kind === 'sub' ? frame.params : [];
  }

  get link(): Link {
    return this.view.viewer;
  }

  refresh(): void {
    this.view.refresh(this);
  }
}

const noSubs: ReadonlyMap<string, Sub> = new Map();

/** What one client sees: its subscriptions, and the documents it has been given. */
export class View {
  readonly viewer: Viewer;
  readonly #hub: Hub;
  #box = new Box();
  /** Made with the first one: most connections ask for nothing. */
  #made: Map<string, Sub> | undefined;
  #topics = 0;
  #characters = 0;

  constructor(hub: Hub, viewer: Viewer) {
    this.#hub = hub;
    this.viewer = viewer;
  }

  get #subs(): ReadonlyMap<string, Sub> {
    return this.#made ?? noSubs;
  }

  /** How many subscriptions are open. */
  get size(): number {
    return this.#subs.size;
  }

  /**
   * Answers a `sub`; one whose id is open is ignored (realtime.md §4.4).
   * @param text the whole frame: it is kept, to be asked anew when the user changes
   */
  async subscribe({ id, name }: Pick<SubFrame, 'id' | 'name'>, text: string): Promise<void> {
    if (this.#subs.has(id)) return;
    const publication = this.#hub.publications.get(name);
    if (publication === undefined) {
      this.#refuse(id, { error: 404, reason: `Subscription '${name}' not found` });
      return;
    }
    const opened = await this.#open(new Sub(this, { id, publication, text }), (frame) => {
      this.viewer.send(frame);
    });
    if (opened) this.viewer.send(ready([id]));
  }

  /** Answers an `unsub`, also of an id that is not open. */
  unsubscribe(id: string | number | undefined): void {
    const sub = typeof id === 'string' ? this.#subs.get(id) : undefined;
    if (sub !== undefined) {
      this.#made?.delete(sub.id);
      this.#characters -= sub.text.length;
      this.#leave(sub, sub.topics);
      for (const frame of this.#box.drop(sub)) this.viewer.send(frame);
    }
    this.viewer.send(nosub(id));
  }

  /**
   * The connection has become somebody else's, or nobody's: every subscription is opened anew for the new user, and
   * only the difference is sent (realtime.md §9.1): refusals, documents, then one `ready` for all that stayed.
   * @param own the own user document
   */
  async become(own: Document | undefined): Promise<void> {
    const before = this.#box;
    const subs = this.#subs;
    this.#box = new Box();
    this.#made = undefined;
    this.#characters = 0;
    for (const sub of subs.values()) this.#leave(sub, sub.topics);
    if (own !== undefined) this.#box.add(this, own);
    const stayed: string[] = [];
    for (const sub of subs.values()) {
      if (await this.#open(new Sub(this, sub), () => undefined)) stayed.push(sub.id);
    }
    if (this.viewer.ended) return;
    for (const frame of this.#box.since(before)) this.viewer.send(frame);
    if (stayed.length > 0) this.viewer.send(ready(stayed));
  }

  refresh(sub: Sub): void {
    if (this.#subs.get(sub.id) !== sub) return;
    void this.#reopen(sub);
  }

  /** Sends an event of a stream to this client alone, if it listens. */
  tell(stream: string, eventName: string): void {
    const topic = eventTopic(stream, eventName);
    for (const sub of this.#subs.values()) {
      if (!sub.topics.includes(topic)) continue;
      this.viewer.send(streamEvent(stream, eventName, []));
      return;
    }
  }

  /** Listens to nothing any more; the client is told nothing. */
  end(): void {
    for (const sub of this.#subs.values()) this.#leave(sub, sub.topics);
    this.#made = undefined;
  }

  /**
   * @param show gets the frames of documents that the client has not yet
   * @returns false when it was refused, or when the connection ended meanwhile
   */
  async #open(sub: Sub, show: (frame: string) => void): Promise<boolean> {
    let opened: Opened;
    try {
      this.#mustHaveRoom(sub);
      opened = await this.#ask(sub);
      this.#mustHaveRoomForTopics(opened);
    } catch (cause) {
      if (!this.viewer.ended) this.viewer.send(nosub(sub.id, errorOf(this.#hub, cause, sub.publication.name)));
      return false;
    }
    if (this.viewer.ended) return false;
    this.#made ??= new Map();
    this.#made.set(sub.id, sub);
    this.#characters += sub.text.length;
    this.#listen(sub, opened);
    for (const document of opened.documents ?? []) {
      const frame = this.#box.add(sub, document);
      if (frame !== undefined) show(frame);
    }
    return true;
  }

  async #ask(sub: Sub): Promise<Opened> {
    const { viewer } = this;
    // What had to be done may be done since, and `signed` finds out.
    if (viewer.identity?.restriction !== undefined) await viewer.signed();
    const { identity } = viewer;
    const restriction =
      sub.publication.scoped === true && identity?.restriction === 'beyond-scope' ? undefined : identity?.restriction;
    const isSomebody = identity !== undefined && restriction === undefined;
    return await sub.publication.open(
      {
        params: decodeEjson(sub.params) as readonly unknown[],
        accountId: isSomebody ? identity.accountId : undefined,
        changingId: identity?.restriction === 'password-change-required' ? identity.accountId : undefined,
        signed: async () => (isSomebody ? await viewer.signed() : undefined),
      },
      this.#hub,
    );
  }

  async #reopen(sub: Sub): Promise<void> {
    try {
      const { documents = [] } = await this.#ask(sub);
      if (this.viewer.ended || this.#subs.get(sub.id) !== sub) return;
      for (const frame of this.#box.replace(sub, documents)) this.viewer.send(frame);
    } catch (cause) {
      this.#hub.log('A publication could not follow a change.', { publication: sub.publication.name, cause });
    }
  }

  /** Also when the user changes: nobody may ask for more than a guest may, and then be one. */
  #mustHaveRoom(sub: Sub): void {
    const { limits } = this.#hub;
    const characters =
      this.viewer.identity === undefined ? limits.subscriptionCharactersBeforeSignIn : limits.subscriptionCharacters;
    const fits = this.#subs.size < limits.subscriptionsPerSocket && this.#characters + sub.text.length <= characters;
    if (!fits) throw new Refusal(tooManySubs);
  }

  #mustHaveRoomForTopics({ topics = [] }: Opened): void {
    if (this.#topics + topics.length <= this.#hub.limits.topicsPerSocket) return;
    throw new Refusal(tooManySubs);
  }

  #listen(sub: Sub, { topics = [], leaves = [] }: Opened): void {
    if (leaves.length > 0) {
      for (const other of this.#subs.values()) if (other.publication === sub.publication) this.#leave(other, leaves);
    }
    sub.topics = topics;
    this.#topics += topics.length;
    for (const topic of topics) this.#hub.topics.listen(topic, sub);
  }

  #leave(sub: Sub, topics: readonly string[]): void {
    const left = new Set(topics);
    const kept = sub.topics.filter((topic) => !left.has(topic));
    for (const topic of sub.topics) if (left.has(topic)) this.#hub.topics.leave(topic, sub);
    this.#topics -= sub.topics.length - kept.length;
    sub.topics = kept;
  }

  #refuse(id: string, text: FaultText): void {
    this.viewer.send(nosub(id, methodError(text)));
  }
}
