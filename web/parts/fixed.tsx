import type { ComponentChildren } from 'preact';

/** Something of the person that they cannot change here, and why. */
export function Fixed({
  label,
  why,
  children,
}: {
  readonly label: ComponentChildren;
  readonly why?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="fixed">
      <p class="fixed__label">{label}</p>
      <p class="fixed__value">{children}</p>
      {why === undefined ? null : <p class="rcx-box rcx-box--full rcx-field__hint">{why}</p>}
    </div>
  );
}
