/** A destination of the configuration; opaque to calls, `@tipring/config` has its type. */
export type RouteDestination = Readonly<Record<string, unknown>> & { readonly type: string };
