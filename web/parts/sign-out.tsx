import { pageAt } from '../address.ts';
import { shared } from '../words/shared.ts';

/** The way out for whoever must do something first. */
export function SignOut() {
  return (
    <form method="post" action={pageAt('/sign-out')} class="ways">
      <button type="submit" class="link">
        {shared.say('signOut')}
      </button>
    </form>
  );
}
