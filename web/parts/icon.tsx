import characters from '@rocket.chat/icons';

export type IconName = keyof typeof characters;

/** A character of Rocket.Chat's icon font, for the eye alone: what it means stands beside it in words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <span class="icon" aria-hidden="true">
      {characters[name]}
    </span>
  );
}
