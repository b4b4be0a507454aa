import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { shared } from '../words/shared.ts';
import { IconButton } from './button.tsx';
import { useMistake } from './form.tsx';

interface Common {
  readonly label: ComponentChildren;
  /** Its key among the values of its form. */
  readonly name: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with it, where its form does not say so. */
  readonly mistake?: string | undefined;
}

/** What a field may be told beside that, as in HTML. */
interface Attributes {
  readonly value?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly readOnly?: boolean;
  readonly autoFocus?: boolean;
  readonly autocomplete?: string;
  readonly autocapitalize?: string;
  readonly spellcheck?: boolean;
  readonly placeholder?: string;
  readonly dir?: 'ltr' | 'rtl' | 'auto';
  readonly maxLength?: number;
  readonly onInput?: (event: { readonly currentTarget: { readonly value: string } }) => void;
}

interface InputProps extends Common, Attributes {
  readonly type?: 'text' | 'email' | 'number' | 'search' | 'url' | 'date' | 'datetime-local';
  readonly inputMode?: 'numeric' | 'email' | 'url' | 'text';
  readonly min?: number | string;
  readonly max?: number | string;
  readonly step?: number | string;
  /** The id of a `datalist` whose entries are offered. */
  readonly list?: string;
}

/** The label above, the hint and the mistake below, each tied to the field for who hears the page. */
function Row({
  id,
  label,
  hint,
  mistake,
  children,
}: {
  readonly id: string;
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly mistake: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="rcx-box rcx-box--full rcx-field field">
      <label class="rcx-box rcx-box--full rcx-label rcx-field__label" for={id}>
        {label}
      </label>
      {children}
      {mistake === undefined ? null : (
        <p class="rcx-box rcx-box--full rcx-field__error" id={`${id}-mistake`}>
          {mistake}
        </p>
      )}
      {hint === undefined ? null : (
        <div class="rcx-box rcx-box--full rcx-field__hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** The attributes that tie a field to what stands around it. */
function ties(id: string, hint: unknown, mistake: string | undefined) {
  const beside = [...(mistake === undefined ? [] : [`${id}-mistake`]), ...(hint === undefined ? [] : [`${id}-hint`])];
  return {
    id,
    ...(beside.length === 0 ? {} : { 'aria-describedby': beside.join(' ') }),
    ...(mistake === undefined ? {} : { 'aria-invalid': true as const }),
  };
}

/** A field of one line. */
export function Field({ label, hint, mistake, type = 'text', ...given }: InputProps) {
  const id = useId();
  const wrong = useMistake(given.name) ?? mistake;
  return (
    <Row id={id} label={label} hint={hint} mistake={wrong}>
      <input
        {...(given as object)}
        type={type as 'text'}
        {...ties(id, hint, wrong)}
        class="rcx-box rcx-box--full rcx-input-box"
      />
    </Row>
  );
}

/** A field for a password, which can be shown. */
export function PasswordField({ label, hint, mistake, ...input }: Common & Attributes) {
  const id = useId();
  const wrong = useMistake(input.name) ?? mistake;
  const [isShown, show] = useState(false);
  return (
    <Row id={id} label={label} hint={hint} mistake={wrong}>
      <span class="password">
        <input
          autocapitalize="none"
          spellcheck={false}
          {...(input as object)}
          {...ties(id, hint, wrong)}
          type={(isShown ? 'text' : 'password') as 'password'}
          class="rcx-box rcx-box--full rcx-input-box"
        />
        <IconButton
          icon={isShown ? 'eye-off' : 'eye'}
          label={shared.say(isShown ? 'hidePassword' : 'showPassword')}
          aria-pressed={isShown}
          onClick={() => show(!isShown)}
        />
      </span>
    </Row>
  );
}

interface AreaProps extends Common, Attributes {
  readonly rows?: number;
}

/** A field of several lines. */
export function TextField({ label, hint, mistake, ...area }: AreaProps) {
  const id = useId();
  const wrong = useMistake(area.name) ?? mistake;
  return (
    <Row id={id} label={label} hint={hint} mistake={wrong}>
      <textarea
        rows={4}
        {...(area as object)}
        {...ties(id, hint, wrong)}
        class="rcx-box rcx-box--full rcx-input-box rcx-input-box--type-textarea"
      />
    </Row>
  );
}

interface SelectProps extends Common {
  readonly value?: string;
  readonly defaultValue?: string;
  readonly disabled?: boolean;
  readonly onChange?: (event: { readonly currentTarget: { readonly value: string } }) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A choice of one among few. */
export function SelectField({ label, hint, mistake, options, defaultValue, ...select }: SelectProps) {
  const id = useId();
  const wrong = useMistake(select.name) ?? mistake;
  return (
    <Row id={id} label={label} hint={hint} mistake={wrong}>
      <select {...(select as object)} {...ties(id, hint, wrong)} class="rcx-box rcx-box--full rcx-input-box select">
        {options.map(({ value, label: text }) => (
          // A select has no default value of its own in HTML.
          <option key={value} value={value} {...(value === defaultValue ? { selected: true } : {})}>
            {text}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly hint?: ComponentChildren;
  readonly checked?: boolean;
  readonly defaultChecked?: boolean;
  readonly disabled?: boolean;
  readonly onChange?: (event: { readonly currentTarget: { readonly checked: boolean } }) => void;
}

/** Something that is on or off. */
export function CheckField({ label, hint, ...input }: CheckProps) {
  const id = useId();
  return (
    <div class="check">
      <input {...(input as object)} type="checkbox" {...ties(id, hint, undefined)} />
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <div class="rcx-box rcx-box--full rcx-field__hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
