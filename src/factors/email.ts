import { checkEmailCode, type EmailCodeNeeds, offerEmailCode } from '../core/second-factor/email-code.ts';
import type { Factor } from '../core/second-factor/factor.ts';

/** A code that was mailed to every verified address (rest.md §6.2; realtime.md §11.5). */
export function emailFactor(needs: EmailCodeNeeds): Factor {
  return {
    name: 'email',
    fallback: false,
    enabledFor({ secondFactors, emails, hasPassword }) {
      const { on, withoutPassword } = needs.policy();
      const isAsked = secondFactors.email && (hasPassword || withoutPassword);
      return { held: on && isAsked && emails.some(({ verified }) => verified) };
    },
    offer: async (asked) => await offerEmailCode(needs, asked),
    check: async (asked, code) => await Promise.resolve(checkEmailCode(needs, asked, code)),
  };
}
