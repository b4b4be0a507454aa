import '../style/settings.css';
import { useEffect, useState } from 'preact/hooks';
import type { DescribedSetting } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { Callout } from '../parts/callout.tsx';
import { Field } from '../parts/field.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import type { SectionProps } from '../section.ts';
import { type Desk, type SettingMap, useDesk } from '../settings/desk.ts';
import { SettingsForm } from '../settings/form.tsx';
import { Leaving } from '../settings/leaving.tsx';
import { hasWords, sectionName } from '../settings/name.ts';
import { English, Setting } from '../settings/setting.tsx';
import { menu } from '../words/menu.ts';
import { settings as words } from '../words/settings.ts';
import { groupText } from './settings-groups.ts';

const path = '/admin/settings';
/** So many of what was found have a field at once. */
const mostFound = 50;
/** A group with more settings shows its sections closed. */
const manyInGroup = 20;

/**
 * All settings: found by words, or group by group. What is typed stays while somebody goes from group to group. An address
 * with the id of a setting opens its group, and leads to it.
 */
export default function Settings({ id }: SectionProps) {
  const desk = useDesk();
  const [typed, setTyped] = useState('');
  useEffect(() => setTyped(''), [id]);
  const asked = typed
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  return (
    <>
      {/* Each group is a place of its own: whoever hears the page begins there. */}
      <Title key={id}>{menu.say('settings')}</Title>
      <Field
        type="search"
        label={words.say('find')}
        name="find"
        hint={words.say('findHint')}
        value={typed}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <Shown of={desk.loaded} lines={8}>
        {(all) =>
          asked.length > 0 ? (
            <Found desk={desk} all={all} asked={asked} />
          ) : id === undefined ? (
            <Groups desk={desk} all={all} />
          ) : (
            <Group key={id} desk={desk} all={all} group={all.get(id)?.group ?? id} wanted={id} />
          )
        }
      </Shown>
      <Leaving isDirty={desk.changed.length > 0} within={pageAt(path)} />
    </>
  );
}

function Groups({ desk, all }: { readonly desk: Desk; readonly all: SettingMap }) {
  const groups = byName([...all.values()], ({ group }) => group);
  return (
    <SettingsForm desk={desk} label={menu.say('settings')} shown={new Set()}>
      {() => (
        <ul class="cards" aria-label={words.say('groups')}>
          {[...groups].map(([group, members]) => {
            const { name, about } = groupText(group);
            const changes = members.filter(({ _id }) => desk.changed.includes(_id)).length;
            return (
              <li key={group} class="card">
                <span class="card__head">
                  <a class="card__name" href={pageAt(`${path}/${encodeURIComponent(group)}`)}>
                    {name}
                  </a>
                  {changes === 0 ? null : <Tag kind="warning">{words.say('changed', { count: changes })}</Tag>}
                </span>
                <span class="card__about">{about}</span>
                <span class="card__foot">{words.say('count', { count: members.length })}</span>
              </li>
            );
          })}
        </ul>
      )}
    </SettingsForm>
  );
}

function Group({
  desk,
  all,
  group,
  wanted,
}: {
  readonly desk: Desk;
  readonly all: SettingMap;
  readonly group: string;
  /** The id of the setting that somebody was led to, if it is one. */
  readonly wanted: string;
}) {
  useEffect(() => {
    const field = document.querySelector<HTMLElement>(`[name="${CSS.escape(wanted)}"]`);
    field?.scrollIntoView({ block: 'center' });
    field?.focus();
  }, [wanted]);
  const members = [...all.values()].filter((one) => one.group === group);
  const { name } = groupText(group);
  return (
    <>
      <p class="crumbs">
        <a href={pageAt(path)}>{words.say('all')}</a>
      </p>
      {members.length === 0 ? (
        <Callout kind="warning">{words.say('noGroup')}</Callout>
      ) : (
        <>
          <h2>{name}</h2>
          <Sections desk={desk} label={name} members={members} isOpen={members.length <= manyInGroup} wanted={wanted} />
        </>
      )}
    </>
  );
}

function Found({
  desk,
  all,
  asked,
}: {
  readonly desk: Desk;
  readonly all: SettingMap;
  readonly asked: readonly string[];
}) {
  const found = [...all.values()].filter((setting) => hasWords(setting, asked));
  return (
    <>
      <p role="status">{words.say('found', { count: found.length })}</p>
      {found.length === 0 ? (
        <Empty title={words.say('noneTitle')}>
          <p>{words.say('noneText')}</p>
        </Empty>
      ) : null}
      <Sections desk={desk} label={menu.say('settings')} members={found.slice(0, mostFound)} isOpen withGroups />
      {found.length > mostFound ? <p class="quiet">{words.say('more', { count: found.length - mostFound })}</p> : null}
    </>
  );
}

/** Settings by their sections; one that holds a refused value is opened. */
function Sections({
  desk,
  label,
  members,
  isOpen,
  wanted = '',
  withGroups = false,
}: {
  readonly desk: Desk;
  readonly label: string;
  readonly members: readonly DescribedSetting[];
  readonly isOpen: boolean;
  readonly wanted?: string;
  readonly withGroups?: boolean;
}) {
  const sections = byName(members, ({ group, section }) => (withGroups ? `${group}\n${section}` : section));
  return (
    <SettingsForm desk={desk} label={label} shown={new Set(members.map(({ _id }) => _id))}>
      {(wrong) =>
        [...sections].map(([key, [first, ...others]]) =>
          first === undefined ? null : (
            <details
              key={key}
              class="panel"
              open={
                isOpen || sections.size === 1 || [first, ...others].some(({ _id }) => _id === wrong || _id === wanted)
              }
            >
              <summary>
                {withGroups ? `${groupText(first.group).name} · ` : ''}
                {first.section === '' ? words.say('common') : <English>{sectionName(first.section)}</English>}{' '}
                <span class="quiet">{words.say('count', { count: others.length + 1 })}</span>
              </summary>
              <div class="settings">
                {[first, ...others].map(({ _id }) => (
                  <Setting key={_id} desk={desk} id={_id} />
                ))}
              </div>
            </details>
          ),
        )
      }
    </SettingsForm>
  );
}

function byName(
  settings: readonly DescribedSetting[],
  nameOf: (setting: DescribedSetting) => string,
): ReadonlyMap<string, readonly DescribedSetting[]> {
  const found = new Map<string, DescribedSetting[]>();
  for (const setting of settings) {
    const members = found.get(nameOf(setting));
    if (members === undefined) found.set(nameOf(setting), [setting]);
    else members.push(setting);
  }
  return found;
}
