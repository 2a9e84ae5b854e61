/** What we are known by at a far end. `realm` undefined = whatever realm asks. */
export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
  readonly realm?: string;
}

/*
 * class DigestClient (credentials: readonly DigestCredentials[], hashing: Hashing, cnonce: () => string)
 *   challenged(response: SipResponse): 'retry' | 'refused'       takes the challenges of a 401/407; 'refused' = do not ask again with these credentials
 *   authorize(method: string, uri: string): [name: string, value: string][]      Authorization / Proxy-Authorization fields for the next request, nc counted; [] before any challenge
 */
