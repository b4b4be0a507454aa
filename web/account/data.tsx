import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { publicSettings } from '../public-settings.ts';
import { menu } from '../words/menu.ts';
import { Deletion } from './data/deletion.tsx';
import { Export } from './data/export.tsx';

const wanted = ['Accounts_AllowDeleteOwnAccount'];

/** What the server knows of whoever looks, to take along, and the end of it. */
export default function Data() {
  const settings = useLoaded(async () => await publicSettings(wanted));
  return (
    <>
      <Title>{menu.say('data')}</Title>
      <Export />
      <Shown of={settings}>
        {(found) => <Deletion isAllowed={found['Accounts_AllowDeleteOwnAccount'] === true} />}
      </Shown>
    </>
  );
}
