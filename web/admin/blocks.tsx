import './blocks.css';
import { useState } from 'preact/hooks';
import type { Block } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { numberText } from '../language.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Pager } from '../parts/pager.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Title } from '../parts/title.tsx';
import { useEvery } from '../parts/use-every.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { blocks as words } from '../words/blocks.ts';
import { menu } from '../words/menu.ts';
import { BlockLimits } from './block-limits.tsx';
import { Countdown } from './countdown.tsx';
import { AdminLink } from './link.tsx';

const pageSize = 50;
const everyMs = 30_000;

/** Who may not sign in for now, and what limits there are. */
export default function Blocks() {
  const [offset, setOffset] = useState(0);
  const [clearing, setClearing] = useState<Block | undefined>(undefined);
  const loaded = useLoaded(async () => await client.get('blocks.list', { offset, count: pageSize }), String(offset));
  useEvery(everyMs, loaded.reload);
  return (
    <>
      <Title>{menu.say('blocks')}</Title>
      <Panel title={words.say('blocked')} about={words.say('blockedAbout')}>
        <Shown of={loaded} lines={5}>
          {({ blocks, total }) => (
            <>
              {blocks.length === 0 ? (
                <Empty title={words.say('none')} />
              ) : (
                <Table
                  label={words.say('blocked')}
                  rows={blocks}
                  keyOf={keyOf}
                  columns={[
                    { key: 'who', head: words.say('who'), cell: (block) => <Who block={block} /> },
                    {
                      key: 'failures',
                      head: words.say('failures'),
                      atEnd: true,
                      cell: ({ failures }) => numberText(failures),
                    },
                    {
                      key: 'since',
                      head: words.say('last'),
                      cell: ({ since }) => (since === undefined ? '–' : <When at={since} />),
                    },
                    {
                      key: 'until',
                      head: words.say('left'),
                      cell: ({ until }) =>
                        until === undefined ? words.say('endless') : <Countdown until={until} onEnd={loaded.reload} />,
                    },
                    {
                      key: 'act',
                      head: words.say('act'),
                      cell: (block) => (
                        <Button
                          small
                          aria-label={words.say('clearOne', { who: nameOf(block) })}
                          onClick={() => setClearing(block)}
                        >
                          {words.say('clear')}
                        </Button>
                      ),
                    },
                  ]}
                />
              )}
              <Pager offset={offset} count={pageSize} total={total} onGo={setOffset} />
            </>
          )}
        </Shown>
      </Panel>
      <BlockLimits />
      {clearing === undefined ? null : (
        <Confirm
          title={words.say('clearTitle')}
          doIt={words.say('clear')}
          onClose={() => setClearing(undefined)}
          onConfirm={async () => {
            await client.post('blocks.clear', namedBy(clearing));
            announce(words.say('cleared', { who: nameOf(clearing) }));
            loaded.reload();
          }}
        >
          <p>
            {words.say(clearing.type === 'codes' ? 'clearCodesAbout' : 'clearAbout', {
              who: nameOf(clearing),
              count: clearing.failures,
            })}
          </p>
        </Confirm>
      )}
    </>
  );
}

function keyOf({ type, userId, device, address, name }: Block): string {
  return [type, userId, device, address, name].join(' ');
}

/** The members by which a block is cleared. */
function namedBy({ userId, device, address, name }: Block) {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(device === undefined ? {} : { device }),
    ...(address === undefined ? {} : { address }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A digest is long and tells nobody anything: its beginning tells two apart. */
const digestShown = 8;

function nameOf({ type, username, userId, address, name, device }: Block): string {
  switch (type) {
    case 'account':
    case 'codes':
      return username ?? userId ?? '';
    case 'device':
      return words.say('deviceOf', { device: (device ?? '').slice(0, digestShown), who: username ?? userId ?? '' });
    case 'address':
      return address ?? '';
    case 'name':
      return words.say('typedName', { name: (name ?? '').slice(0, digestShown) });
  }
}

function Who({ block }: { readonly block: Block }) {
  const { type, userId, username } = block;
  return (
    <div>
      <span class="block__who">
        {userId === undefined || type === 'device' ? (
          <bdi>{nameOf(block)}</bdi>
        ) : (
          <AdminLink to="users" id={userId}>
            <bdi>{username ?? userId}</bdi>
          </AdminLink>
        )}
      </span>
      <span class="block__kind">{words.say(type)}</span>
    </div>
  );
}
