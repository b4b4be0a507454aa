import { ClientError } from '../src/client/index.ts';
import { FieldMistake } from './explain.ts';

/** By the code of a refusal: the field that it is about, empty for the form as a whole, and what is said. */
type Sayings = Readonly<Record<string, readonly [field: string, say: () => string]>>;

/** Waits for a call, and says in words of its own why it was refused. @throws FieldMistake, and what the call throws */
export async function retold<T>(call: Promise<T>, sayings: Sayings): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const code = cause instanceof ClientError ? cause.code : undefined;
    if (code === undefined || !Object.hasOwn(sayings, code)) throw cause;
    const [field = '', say] = sayings[code] ?? [];
    throw new FieldMistake(field, say?.() ?? '');
  }
}
