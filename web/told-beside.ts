import { ClientError } from '../src/client/index.ts';
import { FieldMistake } from './explain.ts';

/**
 * Waits for a call; a refusal that is about a field stands beside it.
 * @param refusals of the call by their code, or by their sentence where they have none: the field, and which text says it
 * @throws FieldMistake, and what the call throws
 */
export async function toldBeside<T, Key extends string>(
  call: Promise<T>,
  refusals: Readonly<Record<string, readonly [field: string, text: Key]>>,
  say: (key: Key) => string,
): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const found =
      cause instanceof ClientError && Object.hasOwn(refusals, cause.code) ? refusals[cause.code] : undefined;
    if (found === undefined) throw cause;
    const [field, text] = found;
    throw new FieldMistake(field, say(text));
  }
}
