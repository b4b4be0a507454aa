import type { ComponentChildren } from 'preact';
import type { DescribedSetting } from '../../src/client/index.ts';
import { Button } from '../parts/button.tsx';
import { CheckField, Field, PasswordField, SelectField, TextField } from '../parts/field.tsx';
import { Fixed } from '../parts/fixed.tsx';
import { useMistake } from '../parts/form.tsx';
import { Tag } from '../parts/tag.tsx';
import { settingsForm as words } from '../words/settings-form.ts';
import type { Desk } from './desk.ts';
import { boundsText, draftOf, valueText } from './draft.ts';
import { nameOf } from './name.ts';

interface Props {
  readonly desk: Desk;
  readonly id: string;
  /** Where the screen has a better name than the one that is made from the id. */
  readonly label?: string | undefined;
  /** Where it says better what to do than the description. */
  readonly hint?: string | undefined;
}

/** The field of a setting, with what it does, its id and its default. Nothing for one that is hidden. */
export function Setting({ desk, id, label, hint }: Props) {
  const setting = desk.find(id);
  if (setting === undefined) return null;
  const name = label ?? <English>{nameOf(id) === '' ? words.say('switchedOn') : nameOf(id)}</English>;
  const about = hint ?? <English>{setting.about}</English>;
  if (setting.fixed || setting.overridden) return <Held setting={setting} name={name} about={about} />;
  const isChanged = desk.changed.includes(id);
  return (
    <div class={isChanged ? 'setting setting--changed' : 'setting'}>
      {setting.secret ? (
        <Secret desk={desk} setting={setting} name={name} about={about} />
      ) : (
        <Value desk={desk} setting={setting} name={name} about={about} />
      )}
      <p class="setting__meta">
        <code dir="ltr">{id}</code>
        {setting.secret ? null : (
          <span>
            {words.say('default')} <bdi>{shortened(valueText(setting, setting.initial))}</bdi>
          </span>
        )}
        {mayGoBack(desk, setting) ? (
          <button
            type="button"
            class="link"
            aria-label={words.say('toDefaultLabel', { name: id })}
            onClick={() => desk.put(id, draftOf(setting, setting.initial))}
          >
            {words.say('toDefault')}
          </button>
        ) : null}
        {isChanged ? (
          <>
            <Tag kind="warning">{words.say('notSaved')}</Tag>
            <button
              type="button"
              class="link"
              aria-label={words.say('undoLabel', { name: id })}
              onClick={() => desk.forget(id)}
            >
              {words.say('undo')}
            </button>
          </>
        ) : null}
      </p>
    </div>
  );
}

interface FieldProps {
  readonly desk: Desk;
  readonly setting: DescribedSetting;
  readonly name: ComponentChildren;
  readonly about: ComponentChildren;
}

function Value({ desk, setting, name, about }: FieldProps) {
  const { _id: id, kind, choices = [], multiline = false, form } = setting;
  const draft = desk.draft(id) ?? draftOf(setting, setting.value);
  const bounds = boundsText(setting);
  const hint = (
    <>
      {about} {bounds}
    </>
  );
  const common = { label: name, name: id, hint };
  const typed = {
    ...common,
    value: String(draft),
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      desk.put(id, currentTarget.value),
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: false,
  };
  switch (kind) {
    case 'boolean':
      return <Switch desk={desk} {...common} isOn={draft === true} />;
    case 'integer':
      return <Field {...typed} inputMode="numeric" dir="ltr" />;
    case 'choice':
      return (
        <SelectField
          {...common}
          value={String(draft)}
          onChange={({ currentTarget }) => desk.put(id, currentTarget.value)}
          options={choices.map((value) => ({ value, label: value === '' ? words.say('empty') : value }))}
        />
      );
    case 'list':
      return <TextField {...typed} rows={Math.min(12, choices.length)} dir="ltr" />;
    default:
      return multiline || form === 'json' ? (
        <TextField {...typed} rows={5} dir="ltr" />
      ) : (
        <Field {...typed} dir={form === undefined ? 'auto' : 'ltr'} />
      );
  }
}

/** A box to tick cannot say what is wrong with it, so that its mistake stands below. */
function Switch({
  desk,
  label,
  name,
  hint,
  isOn,
}: {
  readonly desk: Desk;
  readonly label: ComponentChildren;
  readonly name: string;
  readonly hint: ComponentChildren;
  readonly isOn: boolean;
}) {
  const mistake = useMistake(name);
  return (
    <>
      <CheckField
        label={label}
        name={name}
        hint={hint}
        checked={isOn}
        onChange={({ currentTarget }) => desk.put(name, currentTarget.checked)}
      />
      {mistake === undefined ? null : <p class="rcx-box rcx-box--full rcx-field__error">{mistake}</p>}
    </>
  );
}

/** A secret is never told: it is set or not, and can be replaced or removed. */
function Secret({ desk, setting, name, about }: FieldProps) {
  const { _id: id, multiline = false } = setting;
  const draft = desk.draft(id);
  const isSet = setting.value !== '';
  if (isSet && draft === undefined) {
    return (
      <Fixed label={name} why={about}>
        <span class="setting__secret">
          <Tag kind="primary">{words.say('set')}</Tag>
          <Button small aria-label={words.say('replaceLabel', { name: id })} onClick={() => desk.put(id, '')}>
            {words.say('replace')}
          </Button>
        </span>
      </Fixed>
    );
  }
  const field = {
    label: name,
    name: id,
    hint: isSet ? words.say('replaceHint') : about,
    value: String(draft ?? ''),
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      desk.put(id, currentTarget.value),
    autocomplete: 'off',
    dir: 'ltr' as const,
    autoFocus: isSet,
  };
  return multiline ? (
    <TextField {...field} rows={5} spellcheck={false} />
  ) : (
    <PasswordField {...field} autocomplete="new-password" />
  );
}

/** A setting that nobody changes here, and why. */
function Held({
  setting,
  name,
  about,
}: {
  readonly setting: DescribedSetting;
  readonly name: ComponentChildren;
  readonly about: ComponentChildren;
}) {
  const { _id: id, value, overridden } = setting;
  return (
    <div class="setting">
      <Fixed label={name} why={about}>
        <bdi>{valueText(setting, value)}</bdi>
      </Fixed>
      <p class="setting__meta">
        <code dir="ltr">{id}</code>
        <Tag>{words.say('readOnly')}</Tag>
        <span>
          {overridden
            ? words.say('overridden', { variable: `\u2066OVERWRITE_SETTING_${id}\u2069` })
            : words.say('fixed')}
        </span>
      </p>
    </div>
  );
}

/** What the server tells of settings is English, whatever the page speaks; what stands between backticks is code. */
export function English({ children }: { readonly children: string }) {
  return (
    <span lang="en" dir="auto">
      {children.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))}
    </span>
  );
}

/** An address that must be one cannot go back to none. */
function mayGoBack(desk: Desk, setting: DescribedSetting): boolean {
  const { _id: id, initial, form, secret } = setting;
  if (secret || (form === 'url' && initial === '')) return false;
  const shown = desk.draft(id) ?? draftOf(setting, setting.value);
  return shown !== draftOf(setting, initial);
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
