/** The controller's names for what it makes: 1 to 128 characters. */
export type ContextId = string;
export type TerminationId = string;
