import type { Settings } from '../../core/setting/settings.ts';
import type { RateLimit } from './limiter.ts';

/** The settings that hold a limit of their own for some routes. */
export type RouteLimit =
  | 'Rate_Limiter_Limit_RegisterUser'
  | 'Countersign_Rate_Limit_Own_Basic_Info'
  | 'Countersign_Rate_Limit_Set_Status'
  | 'Countersign_Rate_Limit_Confirmation_Email'
  | 'Countersign_Rate_Limit_Authenticator_App'
  | 'Countersign_Rate_Limit_Two_Factor_Challenges'
  | 'Countersign_Rate_Limit_Login_Code'
  | 'Countersign_Rate_Limit_Browser_Flow'
  | 'Countersign_Rate_Limit_Page_Sessions'
  | 'Countersign_Rate_Limit_Application_Tokens'
  | 'Countersign_Rate_Limit_Provider_Logouts';

const minuteMs = 60_000;

/** The limit of a route as the settings have it now (rest.md §5). */
export function limitOf(settings: Pick<Settings, 'get'>, route: RouteLimit | undefined): RateLimit {
  const usualMs = settings.get('API_Enable_Rate_Limiter_Limit_Time_Default');
  if (route === undefined) {
    return { calls: settings.get('API_Enable_Rate_Limiter_Limit_Calls_Default'), windowMs: usualMs };
  }
  return {
    calls: settings.get(route),
    windowMs: route === 'Rate_Limiter_Limit_RegisterUser' ? usualMs : minuteMs,
  };
}
