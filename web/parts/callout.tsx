import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

const icons = { info: 'info', success: 'circle-check', warning: 'warning', danger: 'warning' } as const;

interface Props {
  readonly kind?: keyof typeof icons;
  readonly title?: string | undefined;
  readonly children?: ComponentChildren;
}

/** Something that must be read. Trouble is read out at once, anything else when there is a pause. */
export function Callout({ kind = 'info', title, children }: Props) {
  return (
    <div
      class={`rcx-box rcx-box--full rcx-callout rcx-callout--${kind}`}
      role={kind === 'danger' ? 'alert' : 'status'}
      tabIndex={-1}
    >
      <span class="rcx-callout__icon">
        <Icon name={icons[kind]} />
      </span>
      <div class="rcx-box rcx-box--full rcx-callout__wrapper">
        <div class="rcx-callout__wrapper-content">
          {title === undefined ? null : <strong class="rcx-callout__title">{title}</strong>}
          <div class="rcx-callout__content">{children}</div>
        </div>
      </div>
    </div>
  );
}
