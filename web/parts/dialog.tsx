import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { shared } from '../words/shared.ts';
import { IconButton } from './button.tsx';
import { DialogButtons } from './dialog-buttons.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly title: string;
  /** The person closed it, by its cross or by Escape. */
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A dialog in front of the page. It is there as long as it is rendered; the focus goes back where it came from. */
export function Dialog({ title, onClose, wide = false, children }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      const now = document.activeElement;
      // What has come in place of the dialog may have taken the focus already.
      const isTaken = now !== null && now !== document.body && shown?.contains(now) !== true;
      if (!isTaken && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="dialog__head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="cross" label={shared.say('close')} onClick={onClose} />
      </header>
      <div class="dialog__body">{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ComponentChildren;
  /** What the button says that does it: the act itself, never "OK". */
  readonly doIt: string;
  /** `primary` where nothing is lost by it. */
  readonly kind?: 'danger' | 'primary';
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. A refusal is told in it; it closes once the act went through. */
export function Confirm({ title, children, doIt, kind = 'danger', onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        onSubmit={async () => {
          await onConfirm();
          onClose();
        }}
      >
        {(act) => (
          <>
            <div>{children}</div>
            <DialogButtons kind={kind} doIt={doIt} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
