import type { Role } from '../../../src/client/index.ts';
import { Button } from '../../parts/button.tsx';
import { CheckField, Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { roles as words } from '../../words/roles.ts';

/** What a form says of a role. */
interface RoleGiven {
  readonly name: string;
  readonly description: string;
  readonly mandatory2fa: boolean;
}

/** The fields of a role. @param role the one that there is; undefined for a new one */
export function RoleForm({
  role,
  doIt,
  isFixed = false,
  onSubmit,
}: {
  readonly role?: Role;
  readonly doIt: string;
  /** It ranks above whoever looks: nothing of it can be changed. */
  readonly isFixed?: boolean;
  readonly onSubmit: (given: RoleGiven) => Promise<void>;
}) {
  return (
    <Form
      label={words.say('role')}
      onSubmit={async (values) => {
        const { name = '', description = '' } = values;
        await onSubmit({
          name: name.trim(),
          description: description.trim(),
          mandatory2fa: values['mandatory2fa'] === 'on',
        });
      }}
    >
      {(act) => (
        <>
          <Field
            label={words.say('name')}
            name="name"
            required
            autoFocus={role === undefined}
            defaultValue={role?.name ?? ''}
            disabled={isFixed || role?.protected === true}
            maxLength={100}
            autocomplete="off"
            dir="auto"
            hint={role?.protected === true ? words.say('nameFixed') : undefined}
          />
          <Field
            label={words.say('description')}
            name="description"
            defaultValue={role?.description ?? ''}
            disabled={isFixed}
            maxLength={500}
            autocomplete="off"
            dir="auto"
            hint={words.say('descriptionHint')}
          />
          <CheckField
            label={words.say('secondFactor')}
            name="mandatory2fa"
            defaultChecked={role?.mandatory2fa ?? false}
            disabled={isFixed}
            hint={words.say('secondFactorHint')}
          />
          {isFixed ? null : (
            <div class="buttons">
              <Button type="submit" kind="primary" busy={act.isBusy}>
                {doIt}
              </Button>
            </div>
          )}
        </>
      )}
    </Form>
  );
}
