import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

type Asked = 'approve' | 'open' | 'close' | 'delete';

const texts = {
  approve: { title: 'approveTitle', text: 'approveText', doIt: 'approve', done: 'approved' },
  open: { title: 'openTitle', text: 'openText', doIt: 'open', done: 'opened' },
  close: { title: 'closeTitle', text: 'closeText', doIt: 'close', done: 'closed' },
  delete: { title: 'deleteTitle', text: 'deleteText', doIt: 'delete', done: 'deleted' },
} as const;

/** Lets somebody in or out, for a while or for good. */
export function Gates({ user, isAbove, reload }: RankedPerson) {
  const { may } = usePerson();
  const { route } = useLocation();
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  if (isAbove) return null;
  const name = nameOf(user);
  const mayOpen = may('edit-other-user-active-status') || may('manage-moderation-actions');
  const next: Asked = user.active ? 'close' : user.inactiveReason === 'pending_approval' ? 'approve' : 'open';
  const act = async (what: Asked): Promise<void> => {
    const { _id: userId } = user;
    if (what === 'delete') await judged(client.post('users.delete', { userId }));
    else await judged(client.post('users.setActiveStatus', { userId, activeStatus: what !== 'close' }));
    announce(words.say(texts[what].done, { name }));
    if (what === 'delete') route(pageAt('/admin/users'), true);
    else reload();
  };
  return (
    <div class="buttons person-head__acts">
      {mayOpen ? (
        <Button kind={next === 'close' ? 'secondary' : 'primary'} onClick={() => setAsked(next)}>
          {words.say(texts[next].doIt)}
        </Button>
      ) : null}
      {may('delete-user') ? (
        <Button kind="secondary-danger" onClick={() => setAsked('delete')}>
          {words.say('delete')}
        </Button>
      ) : null}
      {asked === undefined ? null : (
        <Confirm
          title={words.say(texts[asked].title, { name })}
          doIt={words.say(texts[asked].doIt)}
          kind={asked === 'approve' || asked === 'open' ? 'primary' : 'danger'}
          onConfirm={async () => await act(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>{words.say(texts[asked].text)}</p>
        </Confirm>
      )}
    </div>
  );
}
