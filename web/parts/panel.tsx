import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a screen with a heading. */
export function Panel({
  title,
  about,
  actions,
  children,
}: {
  readonly title: string;
  readonly about?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel__head">
        <h2 id={id}>{title}</h2>
        {actions === undefined ? null : <div class="buttons">{actions}</div>}
      </header>
      {about === undefined ? null : <p class="panel__about">{about}</p>}
      {children}
    </section>
  );
}
