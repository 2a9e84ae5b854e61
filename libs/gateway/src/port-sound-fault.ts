import { type Fields, isBetween, isObject, isWhole } from './fields.ts';
import { digits, toneFault } from './tone-fault.ts';

/** As `commandFault`, of what a port is to play. */
export function soundsFault(value: unknown): string | null {
  if (!Array.isArray(value) || value.length > mostSounds) return `sounds must be a list of at most ${mostSounds}`;
  for (const sound of value as unknown[]) {
    const fault = isObject(sound) ? soundFault(sound) : 'sounds: each must be an object';
    if (fault !== null) return fault;
  }
  return null;
}

function soundFault(sound: Fields): string | null {
  if (sound.type === 'pause') return isBetween(sound.ms, 1, longestMs) ? null : `a pause must have ms of 1 to ${longestMs}`;
  if (sound.type !== 'tone' && sound.type !== 'digits' && sound.type !== 'fsk') return 'a sound must be of type tone, digits, fsk or pause';
  if (!isBetween(sound.levelDbm0, -60, 3)) return 'levelDbm0 must be -60 to 3';
  switch (sound.type) {
    case 'tone':
      return sound.over === undefined || typeof sound.over === 'boolean' ? toneFault(sound.tone, 'tone') : 'over must be true or false';
    case 'digits':
      if (typeof sound.digits !== 'string' || sound.digits.length < 1 || sound.digits.length > mostDigits) return `digits must be 1 to ${mostDigits}`;
      for (const digit of sound.digits) if (!digits.includes(digit)) return `digits must be of ${digits}`;
      return isBetween(sound.digitMs, 20, 8000) && isBetween(sound.pauseMs, 20, 8000) ? null : 'digitMs and pauseMs must be 20 to 8000';
    case 'fsk':
      return fskFault(sound);
  }
}

function fskFault(sound: Fields): string | null {
  const { message, modem, hook, seizureBits, markBits } = sound;
  if (!Array.isArray(message) || message.length < 1 || message.length > mostOctets || !message.every((octet) => isWhole(octet, 0, 255))) return `message must be 1 to ${mostOctets} octets`;
  if (modem !== 'bell-202' && modem !== 'v23') return 'modem must be bell-202 or v23';
  if (hook !== 'on' && hook !== 'off') return 'hook must be on or off';
  for (const bits of [seizureBits, markBits]) if (bits !== undefined && !isWhole(bits, 0, 4000)) return 'seizureBits and markBits must be 0 to 4000';
  return null;
}

const mostSounds = 32;
const mostDigits = 64;
const longestMs = 3_600_000;
/** Type, length, 255 of content, checksum (EN 300 659-3 5.2). */
const mostOctets = 258;
