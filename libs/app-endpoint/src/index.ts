export { announcement, type AnnouncementSettings } from './announcement.ts';
export type { Application, ApplicationTarget, Effect, Input, Started, Step } from './application.ts';
export { ApplicationEndpoint } from './application-endpoint.ts';
export type { ApplicationLog, ApplicationSurroundings, Phrases, PlayerCommand, PlayerEvent, PlayerMedia, PlayerReplies, WallClock } from './application-ports.ts';
export { echoTest } from './echo-test.ts';
export { FakePlayers } from './fake-players.ts';
export { milliwatt } from './milliwatt.ts';
export type { LocalTime, Piece, Said } from './said.ts';
export { speakingClock, type SpeakingClockSettings } from './speaking-clock.ts';
