export { DahdiCards, type EmergencyPatch } from './dahdi-cards.ts';
