// Placeholder until the SockJS door is written: main.ts imports `sockJsDoor({ prefix, server, originOf })` from here.
export function sockJsDoor(_parts: unknown) {
  return { handleRequest: (..._given: unknown[]) => false, handleUpgrade: (..._given: unknown[]) => false, close: async () => {} };
}
