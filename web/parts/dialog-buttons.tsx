import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';

/** How a dialog ends: by giving up, or by the act itself, whose name stands on its button. */
export function DialogButtons({
  kind,
  doIt,
  busy,
  onClose,
}: {
  readonly kind: 'primary' | 'danger';
  readonly doIt: string;
  readonly busy: boolean;
  readonly onClose: () => void;
}) {
  return (
    <div class="buttons buttons--end">
      <Button onClick={onClose}>{shared.say('cancel')}</Button>
      <Button type="submit" kind={kind} busy={busy}>
        {doIt}
      </Button>
    </div>
  );
}
