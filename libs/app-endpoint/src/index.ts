export type { Application, ApplicationTarget, Effect, Input, Started, Step } from './application.ts';
export type { ApplicationLog, ApplicationSurroundings, Phrases, PlayerCommand, PlayerEvent, PlayerMedia, WallClock } from './application-ports.ts';
export { type PhraseId, phraseTexts } from './phrase-id.ts';
export type { LocalTime, Piece, Said } from './said.ts';
