export type { LegCarrier, LegMediaFacts, PortFacts, SipStep, Story, StoryLeg, TimelineEntry, TimelineKind } from './story.ts';
export type { SdpFacts, SdpMediaFacts } from './sdp-facts.ts';
export { sdpFacts } from './sdp-facts.ts';
export type { Severity, Verdict, VerdictCode } from './verdict.ts';
export type { StorySettings } from './call-facts.ts';
export { isRemarkable, storyOf, verdictsOf } from './story-of.ts';
