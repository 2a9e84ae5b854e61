/*
 * Coming in this library, in this order:
 *   parseSdp(text: string | Uint8Array): Result<SessionDescription, SdpFault>                 never throws
 *   writeSdp(description: SessionDescription): string                                         CRLF; byte-stable
 *   createOffer(local: LocalMedia): SessionDescription
 *   answerOffer(offer: SessionDescription, local: LocalMedia): Result<{ answer: SessionDescription } & Agreement, MediaRefusal>
 *   readAnswer(offer: SessionDescription, answer: SessionDescription): Result<Agreement, MediaRefusal>    offer = ours
 *   remoteMedia(description: SessionDescription): Result<RemoteMedia, MediaRefusal>
 *   revise(previous: SessionDescription | undefined, next: SessionDescription): SessionDescription        o= version
 *   codecsOf(media), directionOf(description, media), sameCodec(a, b), reverse(direction), staticCodec(payloadType)
 */
export type { Attribute, Codec, Connection, Direction, MediaDescription, Origin, PayloadCodec, Result, SessionDescription } from './description.ts';
export type { Agreement, LocalMedia, MediaAddress, MediaRefusal, RemoteMedia } from './agreement.ts';
