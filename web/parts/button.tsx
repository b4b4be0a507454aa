import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** What a button may be told beside that, as in HTML. */
interface Attributes {
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly class?: string;
  readonly name?: string;
  readonly value?: string;
  readonly 'aria-pressed'?: boolean;
  readonly 'aria-expanded'?: boolean;
  readonly 'aria-label'?: string;
  readonly onClick?: () => void;
}

interface Props extends Attributes {
  readonly kind?: 'primary' | 'secondary' | 'danger' | 'secondary-danger';
  readonly small?: boolean;
  readonly icon?: IconName;
  /** While it is true nothing more can be pressed, and who hears the page is told. */
  readonly busy?: boolean;
  readonly children: ComponentChildren;
}

/** A button. Unless its `type` says otherwise it sends no form. */
export function Button({
  kind = 'secondary',
  small = false,
  icon,
  busy = false,
  class: extra = '',
  children,
  ...attributes
}: Props) {
  const classes = ['rcx-box rcx-box--full rcx-button', `rcx-button--${kind}`, small ? 'rcx-button--small' : '', extra];
  return (
    <button
      type="button"
      {...(attributes as object)}
      class={classes.filter((one) => one !== '').join(' ')}
      aria-busy={busy}
      aria-disabled={busy}
    >
      <span class="rcx-button--content">
        {icon === undefined ? null : <Icon name={icon} />}
        {children}
      </span>
    </button>
  );
}

interface IconButtonProps extends Attributes {
  readonly icon: IconName;
  /** What it does: its accessible name, and its tooltip. */
  readonly label: string;
}

/** A button that shows a sign alone. */
export function IconButton({ icon, label, ...attributes }: IconButtonProps) {
  return (
    <button
      type="button"
      {...(attributes as object)}
      class="rcx-box rcx-box--full rcx-button rcx-button--icon rcx-button--small-square"
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}
