import { encodeEjson } from '../shapes/ejson.ts';
import { streamEvent } from './frames.ts';
import { eventTopic } from './topic-names.ts';
import type { Topics } from './topics.ts';

/** Sends an event of a stream to all who listen. @param args plain values; they are encoded only if anybody listens */
export function emit(topics: Topics, stream: string, eventName: string, args: readonly unknown[]): void {
  const topic = eventTopic(stream, eventName);
  if (topics.count(topic) === 0) return;
  topics.emit(topic, streamEvent(stream, eventName, encodeEjson(args) as readonly unknown[]));
}
