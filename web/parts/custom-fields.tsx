import { FieldMistake } from '../explain.ts';
import { shared } from '../words/shared.ts';
import { Field, SelectField } from './field.tsx';

/** A field that the operator has added to profiles. */
interface CustomField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  /** What can be chosen; undefined where anything may be written. */
  readonly options: readonly string[] | undefined;
  readonly initial: string;
}

const prefix = 'custom.';

/** @param definition the text of the setting `Accounts_CustomFields` */
export function customFieldsIn(definition: unknown): readonly CustomField[] {
  let found: unknown;
  try {
    found = JSON.parse(typeof definition === 'string' && definition.trim() !== '' ? definition : '{}');
  } catch {
    return [];
  }
  if (typeof found !== 'object' || found === null) return [];
  return Object.entries(found).map(([name, given]: [string, unknown]) => {
    const { type, required, minLength, maxLength, options, defaultValue } = (given ?? {}) as Readonly<
      Record<string, unknown>
    >;
    const listed = Array.isArray(options) ? options.filter((one) => typeof one === 'string') : [];
    return {
      name,
      isRequired: required === true,
      minLength: typeof minLength === 'number' ? minLength : 0,
      maxLength: typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY,
      options: type === 'select' ? listed : undefined,
      initial: typeof defaultValue === 'string' ? defaultValue : '',
    };
  });
}

/** What the fields of a form hold, checked. @throws FieldMistake */
export function customValues(
  fields: readonly CustomField[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.map(({ name, isRequired, minLength, maxLength }) => {
      const key = `${prefix}${name}`;
      const value = (values[key] ?? '').trim();
      if (value === '' && isRequired) throw new FieldMistake(key, shared.say('required'));
      if (value !== '' && value.length < minLength) {
        throw new FieldMistake(key, shared.say('tooShort', { count: minLength }));
      }
      if (value.length > maxLength) throw new FieldMistake(key, shared.say('tooLong', { count: maxLength }));
      return [name, value];
    }),
  );
}

/** The fields that the operator has added; their names are what the operator wrote. @param values what they hold now */
export function CustomFields({
  fields,
  values = {},
}: {
  readonly fields: readonly CustomField[];
  readonly values?: Readonly<Record<string, unknown>>;
}) {
  return (
    <>
      {fields.map(({ name, isRequired, options, initial }) => {
        const value = values[name] ?? initial;
        const held = typeof value === 'string' ? value : '';
        const common = { label: name, name: `${prefix}${name}`, defaultValue: held };
        return options === undefined ? (
          <Field key={name} {...common} required={isRequired} dir="auto" />
        ) : (
          <SelectField key={name} {...common} options={choices(options, isRequired, held)} />
        );
      })}
    </>
  );
}

/** Nothing can be chosen where nothing is needed, or nothing was chosen yet. */
function choices(options: readonly string[], isRequired: boolean, held: string) {
  const listed = options.map((value) => ({ value, label: value }));
  return isRequired && options.includes(held) ? listed : [{ value: '', label: '–' }, ...listed];
}
