import type { ComponentChildren } from 'preact';

/** How far something is: a bar, and words below it. */
export function Progress({
  label,
  done,
  of,
  children,
}: {
  readonly label: string;
  /** Undefined where nobody knows how much is left. */
  readonly done?: number | undefined;
  readonly of?: number;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="progress">
      <progress
        class="progress__bar"
        aria-label={label}
        {...(done === undefined ? {} : { value: done, max: Math.max(1, of ?? 1) })}
      />
      <p class="progress__told">{children}</p>
    </div>
  );
}
