import type { Translated } from '../language.ts';
import type { english } from './new-password.en.ts';

const arabic: Translated<typeof english> = {
  label: 'كلمة المرور الجديدة',
  again: 'أعد كتابة كلمة المرور',
  rules: 'شروط كلمة المرور',
  met: ' (تحقق)',
  ruleShortest: {
    one: 'حرف واحد على الأقل.',
    two: 'حرفان على الأقل.',
    few: '{count} أحرف على الأقل.',
    other: '{count} حرفًا على الأقل.',
  },
  ruleLongest: {
    one: 'حرف واحد على الأكثر.',
    two: 'حرفان على الأكثر.',
    few: '{count} أحرف على الأكثر.',
    other: '{count} حرفًا على الأكثر.',
  },
  ruleRepeats: {
    one: 'لا يتكرر أي حرف متتاليًا.',
    two: 'لا يتكرر أي حرف أكثر من مرتين متتاليتين.',
    few: 'لا يتكرر أي حرف أكثر من {count} مرات متتالية.',
    other: 'لا يتكرر أي حرف أكثر من {count} مرة متتالية.',
  },
  ruleLowercase: 'حرف صغير من a إلى z.',
  ruleUppercase: 'حرف كبير من A إلى Z.',
  ruleNumber: 'رقم واحد.',
  ruleSpecial: 'رمز ليس حرفًا ولا رقمًا.',
  allMet: 'تحققت جميع الشروط.',
  missing: 'لا يزال ينقص: {rules}',
  strengthNone: 'يظهر هنا مدى صعوبة تخمينها.',
  strength: 'القوة: {strength}',
  strength0: 'تُخمَّن فورًا',
  strength1: 'ضعيفة',
  strength2: 'متوسطة',
  strength3: 'جيدة',
  strength4: 'جيدة جدًا',
  notTheSame: 'هذه ليست مطابقة لما كتبته أعلاه. أعد كتابة كلمة المرور نفسها.',
  common: 'كلمة المرور هذه من أول ما يُجرَّب. اختر غيرها.',
  ownName: 'كلمة المرور هذه هي اسمك أو عنوانك أو اسم هذا الموقع. اختر غيرها.',
  tooLong: 'كلمة المرور هذه أطول مما يقبله الخادم. اختر أقصر منها.',
  refused: 'لا يقبل الخادم كلمة المرور هذه. اختر غيرها.',
  same: 'هذه كلمة المرور الحالية. اختر غيرها.',
  former: 'سبق أن استخدمت كلمة المرور هذه. اختر غيرها.',
};

export default arabic;
