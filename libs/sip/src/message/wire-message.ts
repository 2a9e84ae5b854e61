import type { HeaderBlock } from './header-block.ts';
import { ids } from './header-names.ts';
import type { NameAddress, SipRequest, SipResponse, Via } from './message.ts';

/** A request over its header lines. The getters throw when a field is missing: the parser lets no such message pass, so we forgot to write it. */
export class WireRequest implements SipRequest {
  readonly kind = 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: HeaderBlock;
  readonly body: Uint8Array;

  constructor(method: string, uri: string, headers: HeaderBlock, body: Uint8Array) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
  }

  get via(): Via {
    return this.headers.via ?? absent('Via');
  }

  get from(): NameAddress {
    return this.headers.from ?? absent('From');
  }

  get to(): NameAddress {
    return this.headers.to ?? absent('To');
  }

  get callId(): string {
    return this.headers.first(ids.callId) ?? absent('Call-ID');
  }

  get cseq(): { readonly number: number; readonly method: string } {
    return this.headers.cseq ?? absent('CSeq');
  }
}

/** A response over its header lines; as above. */
export class WireResponse implements SipResponse {
  readonly kind = 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderBlock;
  readonly body: Uint8Array;

  constructor(status: number, reason: string, headers: HeaderBlock, body: Uint8Array) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.body = body;
  }

  get via(): Via {
    return this.headers.via ?? absent('Via');
  }

  get from(): NameAddress {
    return this.headers.from ?? absent('From');
  }

  get to(): NameAddress {
    return this.headers.to ?? absent('To');
  }

  get callId(): string {
    return this.headers.first(ids.callId) ?? absent('Call-ID');
  }

  get cseq(): { readonly number: number; readonly method: string } {
    return this.headers.cseq ?? absent('CSeq');
  }
}

function absent(name: string): never {
  throw new Error(`${name} is missing or malformed in a message of our own`);
}
