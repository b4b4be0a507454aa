import type { ComponentChildren } from 'preact';
import { FieldMistake } from '../explain.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Form } from '../parts/form.tsx';
import { useAct } from '../parts/use-act.ts';
import { settingsForm as words } from '../words/settings-form.ts';
import { shared } from '../words/shared.ts';
import type { Desk } from './desk.ts';

/**
 * The form around the fields of settings. What was changed is saved together, by a bar that is there as long as anything is.
 * @param shown the ids that have a field in it: a refusal about any other stands above
 */
export function SettingsForm({
  desk,
  label,
  shown,
  children,
}: {
  readonly desk: Desk;
  readonly label: string;
  readonly shown: ReadonlySet<string>;
  /** Gets the id of the field that is wrong. */
  readonly children: (wrong: string | undefined) => ComponentChildren;
}) {
  const act = useAct();
  const count = desk.changed.length;
  return (
    <Form
      label={label}
      act={act}
      onSubmit={async () => {
        try {
          await desk.save();
        } catch (cause) {
          if (!(cause instanceof FieldMistake) || shown.has(cause.field)) throw cause;
          throw new FieldMistake('', `${cause.field}: ${cause.message}`);
        }
      }}
    >
      {desk.lost.length === 0 ? null : (
        <Callout kind="warning" title={words.say('lostTitle')}>
          <p>{words.say('lostText')}</p>
          <ul dir="ltr">
            {desk.lost.map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ul>
        </Callout>
      )}
      {children(act.mistake?.field)}
      {count === 0 ? null : (
        <div class="savebar" role="group" aria-label={words.say('unsaved', { count })}>
          <span class="savebar__told">{words.say('unsaved', { count })}</span>
          <div class="buttons">
            <Button
              onClick={() => {
                act.forget();
                desk.forgetAll();
              }}
            >
              {words.say('discard')}
            </Button>
            <Button type="submit" kind="primary" busy={act.isBusy}>
              {shared.say('save')}
            </Button>
          </div>
        </div>
      )}
    </Form>
  );
}
