export type WarningCode =
  /** No outbound route leads to a trunk or line that is switched on. */
  | 'nothingReachesOutside'
  /** Nothing is there by which an emergency call could go out. */
  | 'noWayForEmergencies'
  /** An extension has the number of an emergency service, which goes first, always. */
  | 'emergencyNumberTaken'
  /** Where help is to go is not known for somebody. */
  | 'noEmergencyLocation'
  /** An extension’s number begins with what is dialled for outside. */
  | 'prefixTaken'
  /** A rule that is never asked, because an earlier one takes all that it would. */
  | 'neverReached'
  /** Numbers that nobody can dial, because something inside has them. */
  | 'notDialable'
  /** A number to which calls are sent and where nothing is. */
  | 'leadsNowhere'
  /** A call that is sent to where it came from. */
  | 'loopsToItself'
  /** A trunk, line or line group over which nothing goes out. */
  | 'nothingGoesOut'
  /** A trunk or line whose calls nobody takes. */
  | 'nobodyAnswers'
  /** Two trunks whose calls come from the same server: which of them a call belongs to is a matter of chance. */
  | 'notToldApart'
  /** A line that nobody has tried: it makes no calls but to emergency numbers. */
  | 'notCommissioned'
  /** A schedule that is never open again. */
  | 'past'
  /** Nothing refers to it. */
  | 'unused'
  /** An extension without telephone. */
  | 'noTelephone'
  /** Mail is to be sent, and there is no server for it. */
  | 'noMailServer'
  /** Least cost is asked for where costs are not known. */
  | 'noTariff';

/** Something that is allowed and probably not meant. */
export interface ConfigurationWarning {
  readonly code: WarningCode;
  /** JSON Pointer into the document: `/outboundRoutes/outside`. */
  readonly pointer: string;
  readonly hint: string;
}

/** What the configuration does not know of itself. */
export interface WarningContext {
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Emergency numbers of a country; those of the configuration come on top. */
  emergencyNumbers(country: string): readonly string[];
}
