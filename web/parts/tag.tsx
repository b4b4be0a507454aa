import type { ComponentChildren } from 'preact';

/** A word or two about the thing beside it. */
export function Tag({
  kind = 'secondary',
  children,
}: {
  readonly kind?: 'primary' | 'secondary' | 'danger' | 'warning';
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`rcx-box rcx-box--full rcx-tag rcx-tag--${kind} rcx-tag--medium`}>
      <span class="rcx-tag__inner">{children}</span>
    </span>
  );
}
