import { distanceText, momentText } from '../language.ts';

/** A moment as its distance from now; the moment itself is its tooltip, and read by programs. @param at ISO 8601 */
export function When({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={momentText(at)}>
      {distanceText(at)}
    </time>
  );
}
