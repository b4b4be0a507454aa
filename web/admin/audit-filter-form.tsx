import { auditKinds } from 'virtual:audit-kinds';
import { useState } from 'preact/hooks';
import { language } from '../language.ts';
import { Button } from '../parts/button.tsx';
import { Field, SelectField } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { audit as words } from '../words/audit.ts';
import { auditKindText } from '../words/audit-kinds.ts';
import { type AuditFilter, anything, queryOf } from './audit-filter.ts';

const inOrder = new Intl.Collator(language);

/** Asks for what is looked for. */
export function AuditFilterForm({
  filter,
  onFilter,
}: {
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
}) {
  // Drawn anew when it is emptied.
  const [round, setRound] = useState(0);
  const isAny = Object.values(filter).every((one) => one === '');
  return (
    <details class="panel filters" open={!isAny || matchMedia('(width >= 56rem)').matches}>
      <summary>{words.say('filters')}</summary>
      <Form
        key={round}
        label={words.say('filters')}
        onSubmit={async (values) => {
          const { user = '', by = '', what = '', outcome = '', since = '', until = '' } = values;
          const next = { user: user.trim(), by: by.trim(), what, outcome, since, until };
          await queryOf(next);
          onFilter(next);
        }}
      >
        {(act) => (
          <>
            <div class="filters__fields">
              <Field
                label={words.say('user')}
                name="user"
                defaultValue={filter.user}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                hint={words.say('userHint')}
              />
              <Field
                label={words.say('by')}
                name="by"
                defaultValue={filter.by}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
              />
              <SelectField
                label={words.say('what')}
                name="what"
                defaultValue={filter.what}
                options={[
                  { value: '', label: words.say('anything') },
                  ...auditKinds
                    .map((value) => ({ value, label: auditKindText(value) }))
                    .toSorted((one, other) => inOrder.compare(one.label, other.label)),
                ]}
              />
              <SelectField
                label={words.say('outcome')}
                name="outcome"
                defaultValue={filter.outcome}
                options={[
                  { value: '', label: words.say('anything') },
                  { value: 'done', label: words.say('done') },
                  { value: 'refused', label: words.say('refused') },
                ]}
              />
              <Field label={words.say('since')} name="since" type="datetime-local" defaultValue={filter.since} />
              <Field label={words.say('until')} name="until" type="datetime-local" defaultValue={filter.until} />
            </div>
            <div class="buttons">
              <Button type="submit" kind="primary" busy={act.isBusy}>
                {words.say('show')}
              </Button>
              <Button
                onClick={() => {
                  onFilter(anything);
                  setRound(round + 1);
                }}
              >
                {words.say('clear')}
              </Button>
            </div>
          </>
        )}
      </Form>
    </details>
  );
}
