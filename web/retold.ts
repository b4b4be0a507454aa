import { ClientError } from '../src/client/index.ts';
import { FieldMistake } from './explain.ts';

/** By the code of a refusal: the field that it is about, empty for the form as a whole, and which text says it. */
export type Refusals<Key> = Readonly<Record<string, readonly [field: string, text: Key]>>;

/** What one code has several meanings for is told apart by a part of the server's sentence. */
export type Sentences<Key> = readonly (readonly [part: string, text: Key])[];

/**
 * Waits for a call, and says in words of the screen why it was refused, beside the field that it is about.
 * @param refusals of the call by their code, or by their sentence where they have none
 * @throws FieldMistake, and what the call throws
 */
export async function retold<T, Key extends string>(
  call: Promise<T>,
  refusals: Refusals<Key>,
  say: (key: Key) => string,
  sentences: Sentences<Key> = [],
): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const { code, message } = cause;
    const meant = sentences.find(([part]) => message.includes(part));
    if (meant !== undefined) throw new FieldMistake('', say(meant[1]));
    const found = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
    if (found === undefined) throw cause;
    throw new FieldMistake(found[0], say(found[1]));
  }
}
