/** Parameters of MDMF messages by their type octet: GR-30-CORE (Bellcore) and ETSI EN 300 659-3 5.4. */
export const parameter = {
  time: 0x01,
  number: 0x02,
  calledNumber: 0x03,
  numberAbsence: 0x04,
  redirectionReason: 0x05,
  qualifier: 0x06,
  name: 0x07,
  nameAbsence: 0x08,
  indicator: 0x0b,
  complementaryNumber: 0x10,
  callType: 0x11,
  firstCalledNumber: 0x12,
  count: 0x13,
  forwardingType: 0x15,
  callerType: 0x16,
  redirectingNumber: 0x1a,
} as const;

/** Of CallSetup: how the fields that need no thought are coded. */
export const numberFields = [
  ['calledNumber', parameter.calledNumber],
  ['complementaryNumber', parameter.complementaryNumber],
  ['firstCalledNumber', parameter.firstCalledNumber],
  ['redirectingNumber', parameter.redirectingNumber],
] as const;

export const octetFields = [
  ['callType', parameter.callType],
  ['forwardingType', parameter.forwardingType],
  ['callerType', parameter.callerType],
  ['redirectionReason', parameter.redirectionReason],
] as const;

/** Reasons for absence: 'O' and 'P' in both standards. */
export const unavailable = 0x4f;
export const withheld = 0x50;
/** The only call qualifier there is: long distance. */
export const longDistance = 0x4c;
/** Visual indicator. */
export const indicatorOn = 0xff;
export const indicatorOff = 0x00;
/** SDMF message waiting: three times this. */
export const sdmfOn = 0x42;
export const sdmfOff = 0x6f;

/** Digits, and what networks write between them. */
export function isNumber(text: string): boolean {
  for (const character of text) if (!'0123456789*#+-() .ABCD'.includes(character)) return false;
  return text.length > 0;
}
