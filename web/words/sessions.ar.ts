import type { Translated } from '../language.ts';
import type { english } from './sessions.en.ts';

const arabic: Translated<typeof english> = {
  about: 'كل متصفح وتطبيق وبرنامج سجّلت الدخول فيه. أنهِ ما لا تعرفه أو لم تعد تستخدمه.',
  list: 'جلساتك',
  door: 'الدخول عبر',
  factor: 'العامل الثاني: {factor}',
  address: 'العنوان',
  since: 'بدأت',
  seen: 'آخر ظهور',
  act: 'الإجراء',
  current: 'هذه الجلسة',
  now: 'الآن',
  endOne: 'تسجيل الخروج',
  endOneLabel: 'تسجيل خروج {device}',
  endOneTitle: 'هل تريد تسجيل خروج هذا الجهاز؟',
  endOneText: 'سيُسجَّل خروج {device} فورًا ويُغلق ما هو مفتوح هناك.',
  ended: 'تم تسجيل الخروج.',
  endOthers: 'تسجيل خروج البقية',
  endOthersTitle: 'هل تريد تسجيل خروج جميع الجلسات الأخرى؟',
  endOthersText: 'سيُسجَّل خروج كل متصفح وتطبيق وبرنامج فورًا ما عدا هذا. تبقى رموز الوصول الشخصية.',
  endAll: 'تسجيل الخروج من كل مكان',
  endAllTitle: 'هل تريد تسجيل الخروج من كل مكان؟',
  endAllText: 'ستنتهي جميع الجلسات فورًا، بما فيها هذه، ثم تسجّل الدخول من جديد. تبقى رموز الوصول الشخصية.',
  notMine: 'هل بينها جلسة ليست لك؟',
  notMineText: 'سجّل خروجها، ثم اختر كلمة مرور جديدة وراجع العوامل الثانية.',
};

export default arabic;
