import type { ComponentChildren } from 'preact';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { Callout } from './callout.tsx';
import type { Loaded } from './use-loaded.ts';

/** Grey lines where text will be, so that nothing moves when it comes. */
export function Loading({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="loading" role="status" aria-label={shared.say('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="rcx-skeleton rcx-skeleton--text" />
      ))}
    </div>
  );
}

/** Nothing is there, and what one can do about it. */
export function Empty({ title, children }: { readonly title?: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty__title">{title ?? shared.say('nothing')}</p>
      {children}
    </div>
  );
}

/** What could not be fetched, why, and a way to try again. */
export function Failed({ text, onRetry }: { readonly text: string; readonly onRetry: () => void }) {
  return (
    <Callout kind="danger" title={shared.say('failedToLoad')}>
      <p>{text}</p>
      <Button small onClick={onRetry}>
        {shared.say('retry')}
      </Button>
    </Callout>
  );
}

/** Shows what was fetched; before that grey lines, and what went wrong with a way to try again. */
export function Shown<T>({
  of,
  lines,
  children,
}: {
  readonly of: Loaded<T>;
  readonly lines?: number;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { value, failure, reload } = of;
  return (
    <>
      {failure === undefined ? null : <Failed text={failure} onRetry={reload} />}
      {value === undefined ? failure === undefined ? <Loading lines={lines ?? 3} /> : null : children(value)}
    </>
  );
}
