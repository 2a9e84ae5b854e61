import { parseSdp } from '@tipring/sdp';
import type { SessionDescription } from '@tipring/sdp';
import type { Codec, MediaProfile } from '@tipring/telephony';
import { type LegMedia, offeredProfile } from '../leg-media.ts';

export type LateAnswer = { readonly ok: true; readonly sdp: string; readonly profile: MediaProfile; /** What it says is heard now. */ readonly isHeard: boolean } | { readonly ok: false; readonly text: string };

/**
 * Our answers to the offers that come in responses to an INVITE without one (RFC 3261 13.2.1, RFC 3262 5). When the call forks, each of its dialogs
 * offers; the termination is one. All are told the same port, the first is heard, until another is answered for good.
 */
export class LateOffers {
  readonly #media: LegMedia;
  readonly #codecs: readonly Codec[];
  /** Dialogs that were answered, and what makes each the one that is heard. */
  readonly #answered = new Map<string, { readonly profile: MediaProfile; readonly take: () => void }>();
  #first: { readonly at: 'none' } | { readonly at: 'preparing'; readonly then: (() => void)[] } | { readonly at: 'there' } = { at: 'none' };

  constructor(media: LegMedia, codecs: readonly Codec[]) {
    this.#media = media;
    this.#codecs = codecs;
  }

  answer(dialog: string, sdp: string, done: (answer: LateAnswer) => void): void {
    const offer = parseSdp(sdp);
    if (!offer.ok) return done({ ok: false, text: `session description, line ${offer.error.line}: ${offer.error.text}` });
    if (this.#answered.size >= MOST_FORKS) return done({ ok: false, text: 'too many early dialogs' });
    const first = this.#first;
    if (first.at === 'none') this.#answerFirst(dialog, offer.value, done);
    else if (first.at === 'there') this.#answerFurther(dialog, offer.value, done);
    else if (first.then.length >= MOST_FORKS) done({ ok: false, text: 'too many early dialogs' });
    else first.then.push(() => this.answer(dialog, sdp, done));
  }

  /** This dialog is the call: it is heard from now on. Undefined: its offer was not answered. */
  won(dialog: string): MediaProfile | undefined {
    const answered = this.#answered.get(dialog);
    answered?.take();
    return answered?.profile;
  }

  #answerFirst(dialog: string, offer: SessionDescription, done: (answer: LateAnswer) => void): void {
    const then: (() => void)[] = [];
    this.#first = { at: 'preparing', then };
    this.#media.answer(offer, this.#codecs, (answer) => {
      const profile = offeredProfile(offer, this.#media.spoken);
      // A gateway that has made it would not make it again.
      this.#first = { at: answer.ok ? 'there' : 'none' };
      if (answer.ok && profile !== undefined) {
        this.#answered.set(dialog, { profile, take: () => {} });
        done({ ok: true, sdp: answer.value, profile, isHeard: true });
      } else {
        done({ ok: false, text: answer.ok ? 'no codec in common' : answer.error.text });
      }
      for (const next of then) next();
    });
  }

  #answerFurther(dialog: string, offer: SessionDescription, done: (answer: LateAnswer) => void): void {
    const beside = this.#media.answerBeside(offer, this.#codecs);
    const profile = offeredProfile(offer, this.#codecs);
    if (!beside.ok || profile === undefined) return done({ ok: false, text: beside.ok ? 'no codec in common' : beside.error.text });
    this.#answered.set(dialog, { profile, take: beside.value.take });
    done({ ok: true, sdp: beside.value.sdp, profile, isHeard: false });
  }
}

/** Early dialogs of one call. */
const MOST_FORKS = 16;
